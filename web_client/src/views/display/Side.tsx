import type { VNode } from 'preact';
import { t } from '../../i18n';
import type { Snapshot } from '../../protocol/generated';
import { participant, waitingSpeakers } from '../../state/viewModels';

const SHOWN = 4;

/** Whether the meeting may decide. */
export function QuorumSide({ snapshot }: { snapshot: Snapshot }): VNode {
  const { present, total, required, met } = snapshot.quorum;
  return (
    <section class={met ? 'side side--met' : 'side side--missing'} aria-label={t('display-quorum')}>
      <h2>{t(met ? 'room-quorum-met' : 'display-no-quorum')}</h2>
      <p data-testid="display-quorum">{t('room-quorum-figures', { present, entitled: total, required })}</p>
    </section>
  );
}

/** Who speaks next. */
export function WaitingSide({ snapshot }: { snapshot: Snapshot }): VNode | null {
  const waiting = waitingSpeakers(snapshot);
  if (waiting.length === 0) return null;
  return (
    <section class="side" aria-label={t('room-floor-waiting')}>
      <h2>{t('display-next')}</h2>
      <ol class="side__list">
        {waiting.slice(0, SHOWN).map((speaker) => (
          <li key={speaker.id}>
            {participant(snapshot, speaker.personId)?.name ?? t('room-unknown-person')}
            {speaker.kind === 'turn' ? null : <span class="side__kind">{t(`room-kind-${speaker.kind}`)}</span>}
          </li>
        ))}
      </ol>
      {waiting.length > SHOWN ? <p>{t('display-more', { count: waiting.length - SHOWN })}</p> : null}
    </section>
  );
}
