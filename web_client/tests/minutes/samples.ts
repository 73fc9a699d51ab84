import type { Minutes } from '../../src/protocol/generated';

export function minutes(change: Partial<Minutes> = {}): Minutes {
  return {
    state: 'draft',
    revision: 3,
    sections: [
      { id: 's1', kind: 'attendance', itemId: null, title: '', text: 'Present: 5.', polls: [] },
      {
        id: 's2',
        kind: 'item',
        itemId: 'i1',
        title: 'Budget',
        text: 'Discussed.',
        polls: [
          {
            pollId: 'v1',
            title: 'Adopt the budget',
            verdict: 'carried',
          annulled: null,
            result: {
              counts: { yes: 3, no: 1, abstain: 0 },
              entitled: 5,
              present: 5,
              cast: 4,
              notVoting: 1,
              absent: 0,
              percentages: { yes: '60.00', no: '20.00' },
              verdict: 'carried',
              derivation: [{ key: 'quorum', params: { present: 5, required: 3, total: 5 }, holds: true }],
            },
          },
        ],
      },
    ],
    sha256: null,
    signatures: [],
    nextSigner: null,
    ...change,
  };
}
