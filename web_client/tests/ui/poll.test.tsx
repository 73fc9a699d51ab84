import { render, screen } from '@testing-library/preact';
import { expect, test } from 'vitest';
import type { PollResult } from '../../src/protocol/generated';
import { Derivation, PollFigures, VerdictBadge } from '../../src/ui';
import { expectAccessible } from './accessible';

const RESULT: PollResult = {
  counts: { yes: 463, no: 2, abstain: 0 },
  entitled: 478,
  present: 465,
  cast: 465,
  notVoting: 0,
  absent: 13,
  percentages: { yes: '96.86', no: '0.42', abstain: '0.00' },
  verdict: 'carried',
  derivation: [
    { key: 'quorum', params: { present: 465, required: 319, total: 478 }, holds: true },
    { key: 'base', params: { base: 'seats', votes: 478 }, holds: null },
    {
      key: 'threshold',
      params: { option: 'yes', votes: 463, numerator: 1, denominator: 2, left: 926, right: 478, comparison: 'more' },
      holds: true,
    },
    { key: 'of_tomorrow', params: {}, holds: false },
  ],
};

test('a tally names every kind of voice, with the shares', async () => {
  render(
    <main>
      <VerdictBadge verdict="carried" />
      <PollFigures result={RESULT} />
      <Derivation steps={RESULT.derivation} />
    </main>,
  );
  for (const name of ['For', 'Against', 'Abstained', 'Not voting', 'Absent']) expect(screen.getByText(name)).toBeTruthy();
  expect(screen.getByText('96.86%')).toBeTruthy();
  expect(screen.getByText(/463 × 2 = 926 must be more than 478/u)).toBeTruthy();
  expect(screen.getByText('A further rule was applied.')).toBeTruthy();
  await expectAccessible();
});

test('options of a choice carry their own names', () => {
  render(<PollFigures result={{ ...RESULT, counts: { o1: 3 } }} labels={{ o1: 'Plan A' }} />);
  expect(screen.getByText('Plan A')).toBeTruthy();
});
