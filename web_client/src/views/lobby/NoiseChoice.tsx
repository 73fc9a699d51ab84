import type { VNode } from 'preact';
import { t } from '../../i18n';
import { canFilterNoise, noiseState, noiseWanted, setNoiseWanted } from '../../rtc/noise';
import type { LocalSource } from '../../rtc/source';
import { Checkbox } from '../../ui';

/** Whether noise is taken out of what the others hear; a change takes effect at once. */
export function NoiseChoice({ microphone }: { microphone: LocalSource }): VNode | null {
  if (!canFilterNoise()) return null;
  const choose = (on: boolean) => {
    setNoiseWanted(on);
    void microphone.reopen();
  };
  const failed = noiseWanted.value && noiseState.value === 'browser';
  return (
    <Checkbox
      label={t('noise-filter')}
      hint={t(failed ? 'noise-filter-failed' : 'noise-filter-hint')}
      checked={noiseWanted.value}
      onValue={choose}
      data-testid="noise-filter"
    />
  );
}
