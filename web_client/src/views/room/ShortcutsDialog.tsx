import type { VNode } from 'preact';
import { t } from '../../i18n';
import { Checkbox, Dialog } from '../../ui';
import { setShortcuts, SHORTCUTS, shortcutsOn } from './shortcuts';

/** Which key does what, and the switch that turns the keys off. */
export function ShortcutsDialog({ onClose }: { onClose: () => void }): VNode {
  return (
    <Dialog title={t('room-shortcuts')} onClose={onClose}>
      <dl class="keys">
        {SHORTCUTS.map(([key, text]) => (
          <div key={key}>
            <dt>
              <kbd>{key === 'Space' ? t('room-key-space') : key.toUpperCase()}</kbd>
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
      <Checkbox label={t('room-shortcuts-on')} checked={shortcutsOn.value} onValue={setShortcuts} />
    </Dialog>
  );
}
