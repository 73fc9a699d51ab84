import type { VNode } from 'preact';
import { t } from '../../i18n';
import { PICTURE_MODES, pictureMode, setPictureMode } from '../../rtc/pictureMode';

/** How much of the connection is spent on pictures. */
export function PictureChoice(): VNode {
  return (
    <fieldset class="settings__layouts">
      <legend>{t('pictures-choice')}</legend>
      {PICTURE_MODES.map((mode) => (
        <label key={mode}>
          <input
            type="radio"
            name="pictures"
            checked={pictureMode.value === mode}
            onChange={() => setPictureMode(mode)}
            data-testid={`pictures-${mode}`}
          />
          <span>
            {t(`pictures-${mode}`)}
            <span class="checkbox__hint">{t(`pictures-${mode}-hint`)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
