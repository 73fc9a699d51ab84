import { fireEvent, render, screen, within } from '@testing-library/preact';
import type { VNode } from 'preact';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { setLocale } from '../../src/i18n';
import { ApiError } from '../../src/protocol/errors';
import type { Snapshot, Speaker } from '../../src/protocol/generated';
import { Room } from '../../src/views/room/Room';
import { expectAccessible } from '../axe';
import { settle } from '../hub';
import { endpoint, item, ME, paper, person, poll, snapshot, speaker } from '../samples';
import { installBrowser, roomWorld, type RoomWorld } from './roomWorld';

beforeEach(() => installBrowser());

function Live({ world, onLeave }: { world: RoomWorld; onLeave: () => void }): VNode {
  return <Room room={world.view()} onLeave={onLeave} />;
}

async function draw(
  change: Partial<Snapshot> = {},
  others = [endpoint('e2', 'b')],
): Promise<RoomWorld & { onLeave: ReturnType<typeof vi.fn> }> {
  const world = await roomWorld(change, others);
  const onLeave = vi.fn();
  render(<Live world={world} onLeave={onLeave} />);
  await settle();
  return { ...world, onLeave };
}

const chair = { myRole: 'chair' as const };
const tab = (name: RegExp) => fireEvent.click(screen.getByRole('tab', { name }));

describe('the room', () => {
  it('shows everybody with name and site, and says whose tile it is', async () => {
    await draw();
    const tile = screen.getByTestId('tile-e2');
    expect(tile.dataset.personId).toBe('b');
    expect(tile.querySelector('video')).not.toBeNull();
    expect(within(tile).getByText('Person b')).toBeTruthy();
    expect(within(tile).getByText('North')).toBeTruthy();
    await expectAccessible();
  });

  it('says in words that somebody’s connection is interrupted', async () => {
    await draw({}, [endpoint('e2', 'b', { connection: 'disconnected' })]);
    expect(within(screen.getByTestId('tile-e2')).getByText('Connection interrupted')).toBeTruthy();
  });

  it('shows the quorum and its own connection', async () => {
    const { hub } = await draw({ quorum: { entitled: 6, total: 6, present: 2, required: 4, met: false } });
    expect(screen.getByTestId('quorum').textContent).toContain('No quorum: 2 missing');
    expect(screen.getByTestId('connection').textContent).toBe('Connected');
    hub.disconnect();
    await settle();
    expect(screen.getByTestId('connection').textContent).toBe('Reconnecting…');
    expect(await screen.findByTestId('reconnecting', {}, { timeout: 3000 })).toBeTruthy();
    await expectAccessible();
  });

  it('says when there is no sound and picture, and goes on without', async () => {
    const { session } = await draw();
    session.state.value = 'unavailable';
    await settle();
    expect(await screen.findByText('Sound and picture are not available right now', {}, { timeout: 3000 })).toBeTruthy();
  });

  it('leaves at one press', async () => {
    const { onLeave } = await draw();
    fireEvent.click(screen.getByTestId('leave'));
    expect(onLeave).toHaveBeenCalledOnce();
  });

  it('hides what a member may not do', async () => {
    await draw({ polls: [poll('d', { state: 'draft' })] });
    expect(screen.queryByTestId('item-conclude-i1')).toBeNull();
    tab(/^Poll/u);
    expect(screen.queryByTestId('poll-open')).toBeNull();
    expect(screen.queryByTestId('poll-new')).toBeNull();
  });

  it('is drawn in the right-to-left locale', async () => {
    await setLocale('ar-XB');
    await draw();
    expect(document.documentElement.dir).toBe('rtl');
    await expectAccessible();
    await setLocale('en');
  });

  it('opens the panel over the stage on a narrow screen', async () => {
    installBrowser(false);
    await draw();
    expect(screen.queryByRole('tab')).toBeNull();
    fireEvent.click(screen.getByTestId('panel'));
    expect(screen.getByRole('tab', { name: 'Agenda' })).toBeTruthy();
    await expectAccessible();
  });

  it('explains its keys, which the reader may turn off', async () => {
    await draw();
    fireEvent.click(screen.getByTestId('shortcuts'));
    expect(screen.getByText('Microphone on or off')).toBeTruthy();
    await expectAccessible();
  });
});

describe('agenda', () => {
  it('marks the current item and hides restricted ones', async () => {
    await draw({
      items: [
        item('i1', 1, { state: 'under_discussion', papers: [paper('d1')] }),
        item('i2', 2, { title: '', hidden: true, restricted: true }),
      ],
    });
    const agenda = screen.getByRole('navigation', { name: 'Agenda' });
    expect(agenda.querySelector('[aria-current=step]')?.textContent).toContain('Item i1');
    expect(within(agenda).getByText(/Restricted item/u)).toBeTruthy();
    expect(within(agenda).getByRole('button', { name: 'Paper d1' })).toBeTruthy();
  });

  it('lets the chair conclude the current item in words', async () => {
    const { hub } = await draw(chair);
    fireEvent.click(screen.getByTestId('item-conclude-i1'));
    const dialog = screen.getByRole('dialog');
    fireEvent.input(within(dialog).getByRole('textbox'), { target: { value: 'Adopted.' } });
    await expectAccessible();
    fireEvent.click(screen.getByTestId('conclude-confirm'));
    await settle();
    expect(hub.of('item.state')).toEqual([{ meetingId: 'm1', itemId: 'i1', to: 'decided', outcome: 'Adopted.' }]);
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('lets the secretary take up the next item', async () => {
    const { meeting } = snapshot();
    const { hub } = await draw({ myRole: 'secretary', meeting: { ...meeting, currentItemId: null } });
    fireEvent.click(screen.getByTestId('item-start-i2'));
    expect(hub.of('item.state')).toEqual([{ meetingId: 'm1', itemId: 'i2', to: 'under_discussion' }]);
  });
});

describe('people', () => {
  it('stand by site, and the secretary calls the roll', async () => {
    const { hub } = await draw({ myRole: 'secretary' });
    expect(screen.getByRole('region', { name: 'South' })).toBeTruthy();
    fireEvent.change(screen.getByTestId('roll-c'), { target: { value: 'absent' } });
    expect(hub.of('roll_call')).toEqual([{ meetingId: 'm1', personId: 'c', status: 'absent', mode: 'remote' }]);
    await expectAccessible();
  });
});

describe('halls', () => {
  const halls = {
    participants: [
      person('a'),
      person('h', { name: 'North hall', role: 'room', presence: { ...person('h').presence, status: 'absent' } }),
      person('i', { name: 'South hall', role: 'room', siteId: 's2', siteName: 'South' }),
    ],
  };
  const north = endpoint('h1', null, { name: 'North hall', hallId: 'h' });

  it('stand by themselves with their connection, and are neither counted nor called', async () => {
    await draw({ ...halls, ...chair }, [north]);
    const list = within(screen.getByTestId('halls'));
    expect(list.getAllByRole('listitem').map((one) => one.textContent)).toEqual([
      'North hallNorthConnected',
      'South hallSouthNot connected',
    ]);
    expect(screen.queryByTestId('roll-h')).toBeNull();
    expect(screen.getByText('1 of 1 present')).toBeTruthy();
    await expectAccessible();
  });

  it('are named where somebody sits in one', async () => {
    const presence = { ...person('b').presence, mode: 'in_person' as const, endpointId: 'h1' };
    await draw({ participants: [person('a'), person('b', { presence })] }, [north]);
    expect(screen.getByText('In: North hall')).toBeTruthy();
  });

  it('give sound and picture to those in them, who have no media of their own here', async () => {
    const world = await roomWorld({ speakers: [speaker('s1', 'a', { state: 'speaking' })] }, [north], { hall: north });
    render(<Live world={world} onLeave={vi.fn()} />);
    await settle();
    expect(screen.getByTestId('in-hall').textContent).toContain('North hall');
    expect(['mute', 'camera', 'share', 'sound'].filter((id) => screen.queryByTestId(id))).toEqual([]);
    expect(screen.getByTestId('your-floor').textContent).toContain('microphone in the hall (North hall)');
    fireEvent.keyDown(document.body, { key: 'm', code: 'KeyM' });
    await settle();
    expect(world.session.microphone.problem.value).toBeNull();
    await expectAccessible();
  });

  it('show the meeting without vote, floor or papers', async () => {
    const account = { ...ME, personId: 'h', roles: ['room' as const] };
    const items = [item('i1', 1, { state: 'under_discussion', papers: [paper('d1')] })];
    const world = await roomWorld({ ...halls, myRole: 'room', items, polls: [poll('p1')] }, [], { account });
    render(<Live world={world} onLeave={vi.fn()} />);
    await settle();
    expect(screen.getByTestId('poll-p1')).toBeTruthy();
    const absent = ['poll-yes', 'request-floor', 'tab-papers', 'meeting-adjourn', 'item-conclude-i1'];
    expect(absent.filter((id) => screen.queryByTestId(id))).toEqual([]);
    expect(screen.queryByText('You have no vote in this poll.')).toBeNull();
    expect(screen.queryByRole('button', { name: 'Paper d1' })).toBeNull();
    tab(/^Floor/u);
    expect(screen.queryByTestId('ask-turn')).toBeNull();
    expect(screen.getByTestId('mute')).toBeTruthy();
    await expectAccessible();
  });
});

describe('the floor', () => {
  const says = (hub: RoomWorld['hub'], revision: number, change: Partial<Speaker>) =>
    hub.event(revision, { type: 'speaker', speaker: speaker('s1', 'a', change) });

  it('button follows the reader’s own entry from asking to the end of the turn', async () => {
    const { hub } = await draw();
    const button = screen.getByTestId('request-floor');
    expect(button.textContent).toBe('Ask to speak');
    says(hub, 6, {});
    await settle();
    expect(button.textContent).toBe('Withdraw');
    says(hub, 7, { state: 'speaking', startedAt: '2026-11-21T08:00:00Z' });
    await settle();
    expect(button.textContent).toBe('End my turn');
    fireEvent.keyDown(document.body, { key: 'h', code: 'KeyH' });
    expect(hub.of('floor.end')).toEqual([]);
    fireEvent.click(button);
    expect(hub.of('floor.end')).toEqual([{ meetingId: 'm1', speakerId: 's1' }]);
    says(hub, 8, { state: 'finished' });
    await settle();
    expect(button.textContent).toBe('Ask to speak');
    hub.event(9, { type: 'speaker', speaker: speaker('s2', 'b') });
    await settle();
    expect(button.textContent).toBe('Ask to speak');
  });

  it('comes with a clear request to turn on the microphone, and its end is said', async () => {
    const { hub, session } = await draw();
    const turnOn = vi.spyOn(session.microphone, 'set');
    says(hub, 6, { state: 'speaking', startedAt: '2026-11-21T08:00:00Z' });
    await settle();
    const banner = screen.getByTestId('your-floor');
    expect(banner.textContent).toContain('You have the floor – turn on your microphone');
    expect(turnOn).not.toHaveBeenCalled();
    await expectAccessible();
    fireEvent.click(screen.getByTestId('floor-unmute'));
    expect(turnOn).toHaveBeenCalledExactlyOnceWith(true);
    session.microphone.on.value = true;
    await settle();
    expect(screen.queryByTestId('floor-unmute')).toBeNull();
    expect(banner.textContent).toContain('everybody hears you');
    says(hub, 7, { state: 'finished' });
    await settle();
    expect(screen.queryByTestId('your-floor')).toBeNull();
    expect((await screen.findByText(/Your turn has ended\./u)).closest('.notice')).toBeTruthy();
    expect(session.microphone.on.value).toBe(true);
  });

  it('given to somebody else changes nobody’s microphone', async () => {
    const { hub } = await draw({ ...chair, speakers: [speaker('s1', 'b')] });
    tab(/^Floor/u);
    fireEvent.click(screen.getByTestId('grant-floor-s1'));
    await settle();
    expect(hub.requests.filter(({ type }) => type.startsWith('media.'))).toEqual([]);
    expect(screen.queryByTestId('your-floor')).toBeNull();
  });

  it('is asked for and the request withdrawn with one button', async () => {
    const { hub } = await draw();
    fireEvent.click(screen.getByTestId('request-floor'));
    expect(hub.of('floor.request')).toEqual([{ meetingId: 'm1', kind: 'turn' }]);
  });

  it('is withdrawn when one waits', async () => {
    const { hub } = await draw({ speakers: [speaker('s1', 'a')] });
    expect(screen.getByTestId('request-floor').textContent).toBe('Withdraw');
    fireEvent.click(screen.getByTestId('request-floor'));
    expect(hub.of('floor.withdraw')).toEqual([{ meetingId: 'm1', speakerId: 's1' }]);
  });

  it('is given by the chair, points of order first', async () => {
    const { hub } = await draw({
      ...chair,
      speakers: [speaker('s1', 'b'), speaker('s2', 'c', { kind: 'point_of_order' })],
    });
    tab(/^Floor/u);
    const list = screen.getByRole('region', { name: 'Speakers’ list' });
    expect(
      within(list)
        .getAllByRole('listitem')
        .map((one) => one.querySelector('strong')?.textContent),
    ).toEqual(['Person c', 'Person b']);
    fireEvent.click(screen.getByTestId('grant-floor-s2'));
    expect(hub.of('floor.grant')).toEqual([{ meetingId: 'm1', speakerId: 's2', seconds: null }]);
    await expectAccessible();
  });

  it('is ended by the chair', async () => {
    const { hub } = await draw({
      ...chair,
      speakers: [speaker('s1', 'b', { state: 'speaking', startedAt: '2026-11-21T08:00:00Z' })],
    });
    tab(/^Floor/u);
    fireEvent.click(screen.getByTestId('end-floor-s1'));
    expect(hub.of('floor.end')).toEqual([{ meetingId: 'm1', speakerId: 's1' }]);
  });
});

describe('a poll', () => {
  it('comes to the front when it is open, and a vote takes two presses', async () => {
    const { hub } = await draw({ polls: [poll('p1')] });
    hub.answer('poll.cast', () => ({ receipt: 'ABCD-EFGH-JKMN' }));
    expect((screen.getByTestId('poll-confirm') as HTMLButtonElement).disabled).toBe(true);
    fireEvent.click(screen.getByTestId('poll-yes'));
    expect(hub.of('poll.cast')).toEqual([]);
    expect(screen.getByTestId('poll-yes').getAttribute('aria-pressed')).toBe('true');
    await expectAccessible();
    fireEvent.click(screen.getByTestId('poll-confirm'));
    await settle();
    expect(hub.of('poll.cast')[0]).toMatchObject({ pollId: 'p1', optionId: 'yes' });
    expect(screen.getByTestId('receipt').textContent).toBe('ABCD-EFGH-JKMN');
    expect(screen.queryByTestId('poll-yes')).toBeNull();
  });

  it('says that a vote is on its way while the connection is broken', async () => {
    const { hub } = await draw({ polls: [poll('p1')] });
    hub.disconnect();
    fireEvent.click(screen.getByTestId('poll-no'));
    fireEvent.click(screen.getByTestId('poll-confirm'));
    await settle();
    expect(screen.getByText('Your vote “No” is on its way…')).toBeTruthy();
  });

  it('says why a vote was refused, and lets one try again', async () => {
    const { hub } = await draw({ polls: [poll('p1')] });
    hub.answer('poll.cast', () => {
      throw new ApiError('not_present', 'absent');
    });
    fireEvent.click(screen.getByTestId('poll-yes'));
    fireEvent.click(screen.getByTestId('poll-confirm'));
    await settle();
    expect(screen.getByRole('alert').textContent).toContain('recorded as present');
    expect(screen.getByTestId('poll-yes')).toBeTruthy();
  });

  it.each([
    ['has no vote', { polls: [poll('p1', { electorate: ['b'] })] }, 'You have no vote in this poll.'],
    [
      'is not recorded as present',
      {
        polls: [poll('p1')],
        participants: [
          person('a', { presence: { status: 'absent', connected: false, mode: null, siteId: null, endpointId: null, since: null } }),
        ],
      },
      /Only those recorded as present/u,
    ],
  ])('says so to who %s', async (_, change, text) => {
    await draw(change);
    expect(screen.getByText(text)).toBeTruthy();
    expect(screen.queryByTestId('poll-yes')).toBeNull();
  });

  it('is opened and closed by those who run the meeting', async () => {
    const opened = await draw({ ...chair, polls: [poll('p1', { state: 'draft' })] });
    tab(/^Poll/u);
    fireEvent.click(screen.getByTestId('poll-open'));
    expect(opened.hub.of('poll.open')).toEqual([{ meetingId: 'm1', pollId: 'p1', seconds: null }]);
  });

  it('is closed by those who run the meeting', async () => {
    const { hub } = await draw({ ...chair, polls: [poll('p1')] });
    fireEvent.click(screen.getByTestId('poll-close'));
    expect(hub.of('poll.close')).toEqual([{ meetingId: 'm1', pollId: 'p1' }]);
  });

  it('is made from the current item and a preset of rules', async () => {
    vi.stubGlobal('fetch', () =>
      Promise.resolve(
        Response.json({
          presets: [{ name: 'two_thirds', rules: { ...poll('x').rules, threshold: { numerator: 2, denominator: 3 } } }],
        }),
      ),
    );
    const { hub } = await draw(chair);
    tab(/^Poll/u);
    fireEvent.click(screen.getByTestId('poll-new'));
    await settle();
    await screen.findByRole('option', { name: 'Two thirds of votes cast' });
    fireEvent.change(screen.getByTestId('poll-rules'), { target: { value: 'two_thirds' } });
    await expectAccessible();
    fireEvent.click(screen.getByTestId('poll-create'));
    await settle();
    expect(hub.of('poll.create')[0]).toMatchObject({
      itemId: 'i1',
      title: 'Item i1',
      kind: 'named',
      rules: { threshold: { numerator: 2, denominator: 3 } },
    });
    expect(screen.queryByTestId('poll-create')).toBeNull();
  });

  it('shows its result with figures and derivation', async () => {
    const result = {
      counts: { yes: 2, no: 1, abstain: 0 },
      entitled: 3,
      present: 3,
      cast: 3,
      notVoting: 0,
      absent: 0,
      percentages: { yes: '66.67', no: '33.33' },
      verdict: 'carried' as const,
      derivation: [{ key: 'quorum', params: { present: 3, required: 2, total: 3 }, holds: true }],
    };
    await draw({ polls: [poll('p1', { state: 'published', result })] });
    tab(/^Poll/u);
    expect(screen.getByTestId('verdict').dataset.verdict).toBe('carried');
    expect(screen.getByText('Quorum: 3 of 3 members present, 2 needed.')).toBeTruthy();
    await expectAccessible();
  });
});
