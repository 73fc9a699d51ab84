import { describe, expect, it } from 'vitest';
import { changesAt, NOBODY, steady } from '../../src/views/room/steadySpeaker';
import { arrangeTiles, gallery, largeTile, pageOf } from '../../src/views/room/stageLayout';
import { endpoint, person, snapshot, speaker } from '../samples';

const at = (steps: [string | null, number][]) =>
  steps.reduce((state, [active, now]) => steady(state, active, now), NOBODY);

describe('who is shown large', () => {
  it('is the first who speaks, at once', () => {
    expect(at([['a', 1000]]).shown).toBe('a');
  });

  it('stays through silence and through a cough of somebody else', () => {
    const after = at([
      ['a', 0],
      [null, 9_000],
      ['b', 10_000],
      ['a', 10_500],
      ['b', 20_000],
      ['b', 21_000],
    ]);
    expect(after.shown).toBe('a');
    expect(changesAt(after)).toBe(21_500);
  });

  it('changes to who goes on speaking, but not before the one shown had some time', () => {
    expect(
      at([
        ['a', 0],
        ['b', 100],
        ['b', 2_000],
      ]).shown,
    ).toBe('a');
    expect(
      at([
        ['a', 0],
        ['b', 100],
        ['b', 4_000],
      ]).shown,
    ).toBe('b');
  });

  it('is the pinned one, then who has the floor, then who speaks, then the chair; oneself last', () => {
    const meeting = snapshot({
      participants: [person('a'), person('b', { role: 'chair' }), person('c'), person('d')],
      speakers: [speaker('s', 'd', { state: 'speaking' })],
    });
    const room = [endpoint('e1', 'a'), endpoint('e2', 'b'), endpoint('e3', 'c'), endpoint('e4', 'd')];
    const tiles = arrangeTiles(meeting, room, 'e1');
    const large = (pinned: string | null, speaking: string | null, of = tiles) =>
      largeTile(of, pinned, speaking)?.endpoint.id;
    expect(large('e3', 'e2')).toBe('e3');
    expect(large(null, 'e3')).toBe('e4');
    const silent = arrangeTiles({ ...meeting, speakers: [] }, room, 'e1');
    expect(large(null, 'e3', silent)).toBe('e3');
    expect(large(null, 'e1', silent)).toBe('e2');
    expect(large(null, null, arrangeTiles(meeting, [endpoint('e1', 'a')], 'e1'))).toBe('e1');
  });
});

describe('the gallery', () => {
  it('has the chair first, then site by site, each beginning with its name', () => {
    const meeting = snapshot({ participants: [person('a', { role: 'chair' }), person('b'), person('c'), person('d')] });
    const room = [
      endpoint('e2', 'b', { siteName: 'South' }),
      endpoint('e3', 'c', { siteName: 'North' }),
      endpoint('e4', 'd', { siteName: 'South' }),
      endpoint('e1', 'a', { siteName: 'South' }),
    ];
    const placed = gallery(arrangeTiles(meeting, room, null), 'en');
    expect(placed.map(({ tile, beginsSite }) => [tile.endpoint.id, beginsSite])).toEqual([
      ['e1', false],
      ['e3', true],
      ['e2', true],
      ['e4', false],
    ]);
  });

  it('is cut into pages, and a page that is gone becomes the last one', () => {
    const list = [1, 2, 3, 4, 5, 6, 7];
    expect(pageOf(list, 1, 6)).toEqual({ shown: [7], page: 1, pages: 2 });
    expect(pageOf(list, 9, 6)).toEqual({ shown: [7], page: 1, pages: 2 });
    expect(pageOf([], 0, 6)).toEqual({ shown: [], page: 0, pages: 1 });
  });
});
