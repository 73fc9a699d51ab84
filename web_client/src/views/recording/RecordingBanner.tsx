import { CircleDot, CircleDotDashed } from 'lucide';
import type { VNode } from 'preact';
import { t } from '../../i18n';
import type { Snapshot } from '../../protocol/generated';
import { Banner, Icon } from '../../ui';
import './recording.css';

/** As long as a recording is on, everybody sees it, and whether something is being recorded right now. */
export function RecordingBanner({ snapshot }: { snapshot: Snapshot }): VNode {
  const { active } = snapshot.recording;
  const runs = active?.state === 'recording';
  return (
    <div role="status" class={active ? 'recording-banner' : 'visually-hidden'} data-state={active?.state ?? 'off'} data-testid="recording-banner">
      {active ? (
        <>
          <span class={runs ? 'recording-banner__dot recording-banner__dot--on' : 'recording-banner__dot'}>
            <Icon icon={runs ? CircleDot : CircleDotDashed} size={20} />
          </span>
          <p>{t(`recording-is-${active.state}`)}</p>
        </>
      ) : null}
    </div>
  );
}

/** Before somebody joins: whether it is being recorded, or may be. */
export function RecordingNotice({ snapshot }: { snapshot: Snapshot }): VNode | null {
  const { active, allowed } = snapshot.recording;
  if (!active && !allowed) return null;
  return (
    <div class="recording-notice" data-testid="recording-notice">
      <Banner tone={active ? 'warning' : 'info'} title={active ? t('recording-lobby') : undefined}>
        <p>{t(active ? 'recording-lobby-text' : 'recording-lobby-may')}</p>
      </Banner>
    </div>
  );
}
