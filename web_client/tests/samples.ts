import type {
  AgendaItem,
  Endpoint,
  Me,
  Paper,
  Participant,
  Poll,
  Rules,
  Snapshot,
  Speaker,
} from '../src/protocol/generated';

export const RULES: Rules = {
  name: 'simple_majority',
  version: 1,
  quorum: { numerator: 1, denominator: 2, strict: true },
  base: 'cast',
  threshold: { numerator: 1, denominator: 2, strict: true },
  tie: 'lost',
  seats: null,
};

export function person(id: string, change: Partial<Participant> = {}): Participant {
  return {
    personId: id,
    name: `Person ${id}`,
    title: '',
    unitName: null,
    siteId: 's1',
    siteName: 'North',
    role: 'member',
    entitled: true,
    response: 'accepted',
    responseReason: null,
    presence: { status: 'present', connected: true, mode: 'remote', siteId: 's1', endpointId: null, since: '2026-11-21T07:55:00Z' },
    ...change,
  };
}

export function paper(id: string, change: Partial<Paper> = {}): Paper {
  return {
    id,
    title: `Paper ${id}`,
    label: 1,
    version: 2,
    pages: 12,
    size: 1_240_000,
    sha256: 'ab',
    uploadedAt: '2026-11-20T08:00:00Z',
    ...change,
  };
}

export function item(id: string, position: number, change: Partial<AgendaItem> = {}): AgendaItem {
  return {
    id,
    position,
    title: `Item ${id}`,
    description: '',
    kind: 'decision',
    state: 'pending',
    presenterId: null,
    minutes: 15,
    usedSeconds: 0,
    startedAt: null,
    endedAt: null,
    outcome: '',
    restricted: false,
    readers: null,
    hidden: false,
    papers: [],
    ...change,
  };
}

export function poll(id: string, change: Partial<Poll> = {}): Poll {
  return {
    id,
    itemId: 'i1',
    title: `Poll ${id}`,
    question: 'Do you agree?',
    kind: 'named',
    method: 'yes_no_abstain',
    options: ['yes', 'no', 'abstain'].map((option) => ({ id: option, label: '' })),
    rules: RULES,
    state: 'open',
    openedAt: '2026-11-21T08:00:00Z',
    closedAt: null,
    closesAt: null,
    stateReason: null,
    recastOf: null,
    electorate: ['a', 'b', 'c'],
    quorumLost: false,
    ballots: [],
    result: null,
    ...change,
  };
}

export function speaker(id: string, personId: string, change: Partial<Speaker> = {}): Speaker {
  return {
    id,
    itemId: 'i1',
    personId,
    kind: 'turn',
    state: 'waiting',
    requestedAt: '2026-11-21T08:00:00Z',
    startedAt: null,
    spokenSeconds: 0,
    limitSeconds: null,
    ...change,
  };
}

export function endpoint(id: string, personId: string | null, change: Partial<Endpoint> = {}): Endpoint {
  return {
    id,
    kind: personId ? 'personal' : 'room',
    name: `Person ${personId ?? id}`,
    personId,
    hallId: personId ? null : `hall-${id}`,
    siteId: 's1',
    siteName: 'North',
    connection: 'connected',
    producers: [],
    ...change,
  };
}

export function snapshot(change: Partial<Snapshot> = {}): Snapshot {
  return {
    revision: 5,
    myRole: 'member',
    meeting: {
      id: 'm1',
      reference: '2026-007',
      title: 'Council',
      description: '',
      place: 'Hall',
      zone: 'Asia/Ho_Chi_Minh',
      language: 'en',
      label: 1,
      startsAt: '2026-11-21T08:00:00Z',
      endsAt: '2026-11-21T10:00:00Z',
      state: 'in_session',
      stateReason: null,
      openedAt: '2026-11-21T08:00:00Z',
      closedAt: null,
      currentItemId: 'i1',
      rules: RULES,
    },
    participants: [person('a'), person('b'), person('c', { siteName: 'South', siteId: 's2' })],
    items: [item('i1', 1, { state: 'under_discussion' }), item('i2', 2)],
    versions: [],
    quorum: { entitled: 3, total: 3, present: 3, required: 2, met: true },
    polls: [],
    speakers: [],
    minutes: null,
    sitting: { chatOpen: true, floorOpen: true },
    announcement: null,
    recording: { allowed: false, active: null },
    chat: { messages: [], earlier: false },
    ...change,
  };
}

export const ME: Me = {
  personId: 'a',
  name: 'Person a',
  title: '',
  roles: ['member'],
  clearance: 2,
  unit: null,
  site: { id: 's1', name: 'North' },
  locale: 'en',
  steppedUpUntil: null,
  secondFactor: 'none',
  serverTime: '2026-11-21T08:00:00Z',
};
