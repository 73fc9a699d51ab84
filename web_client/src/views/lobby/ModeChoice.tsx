import { Building2, Laptop, type IconNode } from 'lucide';
import type { VNode } from 'preact';
import { t } from '../../i18n';
import type { PresenceMode } from '../../protocol/generated';
import { Icon } from '../../ui';

const MODES: readonly { mode: PresenceMode; icon: IconNode }[] = [
  { mode: 'remote', icon: Laptop },
  { mode: 'in_person', icon: Building2 },
];

/** Where the reader sits: it goes on record, and whoever is in the hall needs no second microphone. */
export function ModeChoice({ mode, onMode }: { mode: PresenceMode; onMode: (mode: PresenceMode) => void }): VNode {
  return (
    <fieldset class="modes">
      <legend>{t('lobby-mode')}</legend>
      {MODES.map((choice) => (
        <label key={choice.mode} class="modes__choice">
          <input
            type="radio"
            name="mode"
            value={choice.mode}
            checked={mode === choice.mode}
            onChange={() => onMode(choice.mode)}
            data-testid={`mode-${choice.mode}`}
          />
          <Icon icon={choice.icon} size={24} />
          <span>
            <strong>{t(`lobby-mode-${choice.mode}`)}</strong>
            <span class="modes__hint">{t(`lobby-mode-${choice.mode}.hint`)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
