import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n';
import { watchLevel } from '../../rtc/level';

const HEARD = 0.35;

/** How loud the microphone is. Drawn past the component, sixteen times a second. */
export function LevelMeter({ track }: { track: MediaStreamTrack | null }): VNode {
  const bar = useRef<HTMLMeterElement>(null);
  useEffect(() => {
    const meter = bar.current;
    if (!track || !meter) return undefined;
    const stop = watchLevel(track, (level) => {
      meter.value = level;
    });
    return () => {
      stop();
      meter.value = 0;
    };
  }, [track]);
  return (
    <div class="level">
      <span id="level-label">{t('lobby-level')}</span>
      <meter ref={bar} min={0} max={1} low={HEARD} aria-labelledby="level-label" />
    </div>
  );
}
