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
    { signer: 'An', role: 'secretary', signedAt: '2026-11-21T08:00:00Z', coversWholeFile: false },
    { signer: 'Bình', role: 'chair', signedAt: null, coversWholeFile: true },
  ],
};

test('a good document is called genuine, signature by signature', async () => {
  const hub = fakeHub();
  hub.on('GET /meetings/m1/minutes/verification', ACCEPTED);
  render(<VerificationDialog path="/meetings/m1/minutes/verification" zone="Asia/Ho_Chi_Minh" onClose={() => undefined} />);
  const result = await screen.findByTestId('verification-result');
  expect(result.dataset['accepted']).toBe('true');
  expect(screen.getByText('Time of signing unknown')).toBeTruthy();
  await expectAccessible();
});

test('a document that is refused says why and what to do', () => {
  render(<VerificationReport verification={{ ...ACCEPTED, accepted: false, reason: 'the file bears no signature', expectedSha256: 'bb' }} />);
  expect(screen.getByText('Do not rely on this document')).toBeTruthy();
  expect(screen.getByText(/the file bears no signature.*tell the security officer/u)).toBeTruthy();
  expect(screen.getByText('bb')).toBeTruthy();
});
