import { CircleAlert, CircleCheck, LoaderCircle, RotateCw, TriangleAlert, type IconNode } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { t, type Arguments } from '../../i18n';
import { ApiError } from '../../protocol/errors';
import type { RelayPath } from '../../rtc/relayCheck';
import { Icon, IconButton } from '../../ui';
import type { RoomView } from '../room/model';

type Tone = 'checking' | 'good' | 'weak' | 'bad';

/** One line of the check: how it stands, in words. */
export interface Finding {
  readonly tone: Tone;
  readonly words: string;
  readonly args?: Arguments;
}

const ICONS: Record<Tone, IconNode> = {
  checking: LoaderCircle,
  good: CircleCheck,
  weak: TriangleAlert,
  bad: CircleAlert,
};
const SLOW_MS = 350;
const CHECKING: Finding = { tone: 'checking', words: 'lobby-net-checking' };

/** What the way to the relay means for the reader. */
export function relayFinding(path: RelayPath): Finding {
  if (path.protocol === null) return { tone: 'bad', words: 'lobby-net-relay-none' };
  const args = { ms: Math.max(1, Math.round(path.roundTripMs)) };
  if (path.protocol === 'tcp') return { tone: 'weak', words: 'lobby-net-relay-tcp', args };
  if (path.protocol === 'turn') return { tone: 'weak', words: 'lobby-net-relay-turn', args };
  return path.roundTripMs > SLOW_MS
    ? { tone: 'weak', words: 'lobby-net-relay-slow', args }
    : { tone: 'good', words: 'lobby-net-relay-udp', args };
}

/** How long the hub takes to answer. */
export function hubFinding(roundTripMs: number): Finding {
  const args = { ms: Math.max(1, Math.round(roundTripMs)) };
  return roundTripMs > SLOW_MS
    ? { tone: 'weak', words: 'lobby-net-hub-slow', args }
    : { tone: 'good', words: 'lobby-net-hub', args };
}

/** The way to the hub and to the relay, tried for real. It holds nobody up: one may join at any time. */
export function ConnectionCheck({ room }: { room: RoomView }): VNode {
  const { hub, relay, again } = useConnectionCheck(room);
  return (
    <section class="net card" aria-labelledby="net-title" data-testid="net">
      <h2 id="net-title">{t('lobby-net')}</h2>
      <ul aria-live="polite">
        <Line finding={hub} testId="net-hub" />
        <Line finding={relay} testId="net-relay" />
      </ul>
      <div class="net__again">
        <IconButton icon={RotateCw} label={t('lobby-net-again')} onClick={again} data-testid="net-again" />
      </div>
    </section>
  );
}

function Line({ finding, testId }: { finding: Finding; testId: string }): VNode {
  return (
    <li class={`net__line net__line--${finding.tone}`} data-testid={testId} data-tone={finding.tone}>
      <Icon icon={ICONS[finding.tone]} />
      <span>{t(finding.words, finding.args)}</span>
    </li>
  );
}

function useConnectionCheck({ meeting, session }: RoomView): { hub: Finding; relay: Finding; again: () => void } {
  const [hub, setHub] = useState<Finding>(CHECKING);
  const [relay, setRelay] = useState<Finding>(CHECKING);
  const [round, setRound] = useState(0);
  const following = meeting.following.value;
  const current = useRef(0);
  useEffect(() => {
    if (!following) {
      setHub({ tone: 'bad', words: 'lobby-net-hub-none' });
      setRelay(CHECKING);
      return;
    }
    const mine = (current.current += 1);
    const say = (set: (finding: Finding) => void) => (finding: Finding) => {
      if (mine === current.current) set(finding);
    };
    setRelay(CHECKING);
    void checkHub(meeting).then(say(setHub));
    void checkRelay(session).then(say(setRelay));
  }, [following, round]);
  return { hub, relay, again: () => setRound(round + 1) };
}

async function checkHub({ link }: RoomView['meeting']): Promise<Finding> {
  const asked = performance.now();
  try {
    await link.request('ping', {});
  } catch {
    return { tone: 'bad', words: 'lobby-net-hub-none' };
  }
  return hubFinding(performance.now() - asked);
}

async function checkRelay(session: RoomView['session']): Promise<Finding> {
  try {
    return relayFinding(await session.prepare());
  } catch (error) {
    const early = error instanceof ApiError && error.code === 'denied';
    return early ? { tone: 'weak', words: 'lobby-net-relay-early' } : { tone: 'bad', words: 'lobby-net-relay-none' };
  }
}
