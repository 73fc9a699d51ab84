import { render, screen } from '@testing-library/preact';
import { expect, test } from 'vitest';
import type { Verification } from '../../src/protocol/generated';
import { VerificationDialog, VerificationReport } from '../../src/ui';
import { expectAccessible } from './accessible';
import { fakeHub } from './fakeHub';

const ACCEPTED: Verification = {
  accepted: true,
  reason: null,
  sha256: 'aa',
  expectedSha256: 'aa',
  signatures: [
    { signer: 'An', role: 'secretary', signedAt: '2026-11-21T08:00:00Z', timestampAuthority: 'TSA', coversWholeFile: false },
    { signer: 'Bình', role: 'chair', signedAt: null, timestampAuthority: null, coversWholeFile: true },
  ],
};

test('a good document is called genuine, signature by signature', async () => {
  const hub = fakeHub();
  hub.on('GET /meetings/m1/minutes/verification', ACCEPTED);
  render(<VerificationDialog path="/meetings/m1/minutes/verification" zone="Asia/Ho_Chi_Minh" onClose={() => undefined} />);
  const result = await screen.findByTestId('verification-result');
  expect(result.dataset['accepted']).toBe('true');
  expect(screen.getByText('Time confirmed by TSA')).toBeTruthy();
  expect(screen.getByText('Time of signing unknown')).toBeTruthy();
  await expectAccessible();
});

test.each([
  ['modified', 'Its content was changed after signing.'],
  ['something_new', 'The check failed (something_new). Tell the security officer.'],
])('a document refused because of %s says why', (reason, text) => {
  render(<VerificationReport verification={{ ...ACCEPTED, accepted: false, reason, expectedSha256: 'bb' }} />);
  expect(screen.getByText('Do not rely on this document')).toBeTruthy();
  expect(screen.getByText(text)).toBeTruthy();
  expect(screen.getByText('bb')).toBeTruthy();
});
