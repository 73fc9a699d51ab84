import { errorText, t } from '../../i18n';
import type { LocalSource } from '../../rtc/source';
import { notify } from '../../ui';

export type SourceName = 'microphone' | 'camera' | 'screen';

/** Turn a microphone, camera or screen on or off; what went wrong is said at once. */
export function switchSource(source: LocalSource, name: SourceName, on: boolean): void {
  source.set(on).then(
    () => {
      // Not choosing a screen is no problem.
      if (source.problem.value && name !== 'screen') notify(t(`device-${name}-${source.problem.value}`));
    },
    (error: unknown) => notify(errorText(error)),
  );
}
