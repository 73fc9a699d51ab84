import { describe, expect, it } from 'vitest';
import { abilities, bySite, meetingHalls, spokenSeconds, visiblePolls, voteBar, waitingSpeakers } from '../../src/state/viewModels';
import type { Speaker } from '../../src/protocol/generated';
import { announcements } from '../../src/views/room/announcements';
import { arrangeTiles, galleryColumns, isMuted, liveTrack } from '../../src/views/room/stageLayout';
import { zoomStep } from '../../src/views/paper/useZoom';
import { endpoint, item, ME, person, poll, snapshot, speaker } from '../samples';

describe('abilities', () => {
  it.each([
    ['chair', true, true, true],
    ['secretary', true, true, true],
    ['member', false, true, true],
    ['technician', false, false, true],
    ['observer', false, false, false],
    [null, false, false, false],
  ] as const)('of %s', (myRole, run, askForFloor, send) => {
    expect(abilities(snapshot({ myRole }), ME)).toMatchObject({ run, askForFloor, send });
  });
});

describe('a hall', () => {
  const hall = { personId: 'h', roles: ['room' as const] };

  it('has no voice, no vote and no papers', () => {
    expect(abilities(snapshot({ myRole: 'room' }), hall)).toEqual({
      run: false,
      mute: false,
      askForFloor: false,
      chat: false,
      entitled: false,
      readPapers: false,
      send: true,
      hall: true,
    });
    expect(abilities(snapshot({ myRole: 'chair' }), hall)).toMatchObject({ run: false, askForFloor: false });
  });

  it('is found in the room by its account, in the order of names', () => {
    const participants = ['Zeta', 'Alpha'].map((name) => person(name, { name, role: 'room', siteId: 's1' }));
    const found = meetingHalls(
      snapshot({ participants: [person('a'), ...participants] }),
      [endpoint('e', 'a', { name: 'Alpha' }), endpoint('h', null, { name: 'Another name', hallId: 'Alpha' })],
      'en',
    );
    expect(found.map((one) => [one.hall.name, one.endpoint?.id])).toEqual([
      ['Alpha', 'h'],
      ['Zeta', undefined],
    ]);
  });
});

describe('the speakers’ list', () => {
  it('puts points of order first, then interventions, then who came first', () => {
    const at = (minute: number) => ({ requestedAt: `2026-11-21T08:0${minute}:00Z` });
    const speakers = [
      speaker('1', 'a', at(0)),
      speaker('2', 'b', { ...at(2), kind: 'intervention' }),
      speaker('3', 'c', { ...at(3), kind: 'point_of_order' }),
      speaker('4', 'd', { ...at(1), kind: 'intervention' }),
      speaker('5', 'e', { ...at(1), state: 'finished' }),
    ];
    expect(waitingSpeakers(snapshot({ speakers })).map((one) => one.id)).toEqual(['3', '4', '2', '1']);
  });

  it('counts the time of who is speaking', () => {
    const speaking = speaker('1', 'a', { state: 'speaking', startedAt: '2026-11-21T08:00:00Z' });
    expect(spokenSeconds(speaking, Date.parse('2026-11-21T08:01:30Z'))).toBe(90);
    expect(spokenSeconds({ ...speaking, state: 'paused', spokenSeconds: 40 }, 0)).toBe(40);
  });
});

describe('voting', () => {
  const ballot = { personId: 'a', optionId: 'yes', receipt: 'R', ballotId: 'B', castAt: '2026-11-21T08:00:00Z' };

  it.each([
    ['nothing, for a present elector', {}, {}, null],
    ['a poll that is not open', { state: 'draft' as const }, {}, 'not_open'],
    ['no vote', { electorate: ['b'] }, {}, 'not_entitled'],
    ['a vote cast', { ballots: [ballot] }, {}, 'voted'],
    ['a vote cast in a closed poll', { ballots: [ballot], state: 'closed' as const }, {}, 'voted'],
    ['absence', {}, { participants: [] }, 'not_present'],
  ])('is barred by %s', (_, change, state, bar) => {
    expect(voteBar(snapshot(state), poll('p', change), 'a')).toBe(bar);
  });

  it('shows the open poll first, then drafts, then the latest result', () => {
    const polls = [
      poll('old', { state: 'published', closedAt: '2026-11-21T08:00:00Z' }),
      poll('new', { state: 'published', closedAt: '2026-11-21T09:00:00Z' }),
      poll('draft', { state: 'draft' }),
      poll('open'),
    ];
    expect(visiblePolls(snapshot({ polls })).map((one) => one.id)).toEqual(['open', 'draft', 'new', 'old']);
  });
});

describe('people', () => {
  it('stand by site, those without one last', () => {
    const participants = [
      person('c', { siteName: null }),
      person('b', { siteName: 'South' }),
      person('a', { siteName: 'North' }),
    ];
    expect(bySite(snapshot({ participants }), 'en').map((group) => group.site)).toEqual(['North', 'South', null]);
  });
});

describe('the stage', () => {
  it.each([
    [1, 1200, 700, 1],
    [2, 1200, 500, 2],
    [4, 1200, 700, 2],
    [6, 390, 700, 2],
    [9, 1200, 700, 3],
  ])('shows %i tiles in %i × %i as %i columns', (count, width, height, columns) => {
    expect(galleryColumns(count, width, height)).toBe(columns);
  });

  it('shows who has the floor first, then the chair, oneself last', () => {
    const participants = [person('a'), person('b', { role: 'chair' }), person('c'), person('d')];
    const state = snapshot({ participants, speakers: [speaker('s', 'c', { state: 'speaking' })] });
    const endpoints = ['a', 'd', 'b', 'c'].map((id) => endpoint(`e-${id}`, id));
    const tiles = arrangeTiles(state, endpoints, 'e-a');
    expect(tiles.map((tile) => tile.endpoint.personId)).toEqual(['c', 'b', 'd', 'a']);
  });

  it('marks the hall in which somebody speaks', () => {
    const presence = { ...person('b').presence, endpointId: 'h1' };
    const state = snapshot({
      participants: [person('a'), person('b', { presence })],
      speakers: [speaker('s', 'b', { state: 'speaking' })],
    });
    const tiles = arrangeTiles(state, [endpoint('e-a', 'a'), endpoint('h2', null), endpoint('h1', null)], 'e-a');
    expect(tiles.filter((tile) => tile.hasFloor).map((tile) => tile.endpoint.id)).toEqual(['h1']);
  });

  it('draws no picture from a paused camera', () => {
    const track = {} as MediaStreamTrack;
    const camera = { id: 'p', kind: 'video', source: 'camera', paused: false } as const;
    const tracks = [{ endpointId: 'e', source: 'camera' as const, producerId: 'p', consumerId: 'c', track }];
    expect(liveTrack(endpoint('e', 'a', { producers: [camera] }), 'camera', tracks)).toBe(track);
    expect(liveTrack(endpoint('e', 'a', { producers: [{ ...camera, paused: true }] }), 'camera', tracks)).toBeNull();
    expect(isMuted(endpoint('e', 'a', { producers: [camera] }))).toBe(true);
  });
});

describe('announcements', () => {
  const before = snapshot();
  const ids = (change: Parameters<typeof snapshot>[0]) =>
    announcements(before, snapshot(change), 'a').map(([id]) => id);

  it('say nothing when nothing of note changed', () => {
    expect(ids({ revision: 9 })).toEqual([]);
  });

  it('say item, floor, poll, result and quorum', () => {
    expect(ids({ meeting: { ...before.meeting, currentItemId: 'i2' } })).toEqual(['room-say-item']);
    expect(ids({ speakers: [speaker('s', 'b', { state: 'speaking' })] })).toEqual(['room-say-floor']);
    expect(ids({ speakers: [speaker('s', 'a', { state: 'speaking' })] })).toEqual(['room-say-floor-yours']);
    expect(ids({ polls: [poll('p')] })).toEqual(['room-say-poll-open']);
    expect(ids({ polls: [poll('p', { state: 'published', result: {} as never })] })).toEqual(['room-say-poll-result']);
    expect(ids({ quorum: { ...before.quorum, met: false } })).toEqual(['room-say-no-quorum']);
  });

  it('say that the own turn is over, or only interrupted', () => {
    const mine = speaker('s', 'a', { state: 'speaking' });
    const after = (speakers: Speaker[]) =>
      announcements(snapshot({ speakers: [mine] }), snapshot({ speakers }), 'a').map(([id]) => id);
    expect(after([{ ...mine, state: 'finished' }])).toEqual(['room-say-floor-ended', 'room-say-floor-free']);
    expect(after([])).toEqual(['room-say-floor-ended', 'room-say-floor-free']);
    const other = speaker('t', 'b', { state: 'speaking' });
    expect(after([{ ...mine, state: 'paused' }, other])).toEqual(['room-say-floor-paused', 'room-say-floor']);
  });

  it('keep a restricted item’s title to themselves', () => {
    const items = [item('i1', 1), item('i2', 2, { hidden: true, title: '' })];
    expect(ids({ items, meeting: { ...before.meeting, currentItemId: 'i2' } })).toEqual([]);
  });
});

describe('zoom', () => {
  it('goes from any scale to the next step, and stops at the ends', () => {
    expect(zoomStep(1.1, 1)).toBe(1.25);
    expect(zoomStep(1.1, -1)).toBe(1);
    expect(zoomStep(4, 1)).toBe(4);
    expect(zoomStep(0.25, -1)).toBe(0.25);
  });
});
