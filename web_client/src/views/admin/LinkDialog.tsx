import { Check, Copy, Printer } from 'lucide';
import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { formatDateTime, t } from '../../i18n';
import type { WelcomeLink } from '../../protocol/generated';
import { announce, Banner, Button, Dialog, TextInput } from '../../ui';

/** The address of a welcome link, as it is given to the person. */
export function addressOf(link: WelcomeLink): string {
  return location.origin + link.path;
}

/** Shows a welcome link, which cannot be shown again, to be copied or printed. */
export function LinkDialog({ link, onClose }: { link: WelcomeLink; onClose: () => void }): VNode {
  const [copied, setCopied] = useState(false);
  const field = useRef<HTMLDivElement>(null);
  const address = addressOf(link);

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(address);
      setCopied(true);
      announce(t('admin-link-copied'));
    } catch {
      field.current?.querySelector('input')?.select(); // the browser keeps its clipboard: the reader copies by hand
    }
  }

  return (
    <Dialog wide title={t('admin-link-title', { name: link.name })} onClose={onClose} data-testid="link-dialog">
      <div class="form">
        <Banner>
          <p>{t('admin-link-once')}</p>
        </Banner>
        <div ref={field}>
          <TextInput label={t('admin-link')} hint={t('admin-link-until', { at: formatDateTime(link.expiresAt) })} readOnly value={address} data-testid="welcome-link" />
        </div>
        <div class="actions">
          <Button kind="primary" icon={copied ? Check : Copy} onClick={() => void copy()} data-testid="link-copy">
            {t(copied ? 'admin-link-copied' : 'admin-link-copy')}
          </Button>
          <Button icon={Printer} onClick={() => print()}>
            {t('admin-link-print')}
          </Button>
          <Button kind="quiet" onClick={onClose} data-testid="link-close">
            {t('common-close')}
          </Button>
        </div>
        <Slip link={link} />
      </div>
    </Dialog>
  );
}

/** What is printed instead of the page: the slip that the person gets. */
function Slip({ link }: { link: WelcomeLink }): VNode {
  return (
    <div class="slip" aria-hidden="true">
      <h2>{t('admin-slip-title')}</h2>
      <p>{t('admin-slip-person', { name: link.name, username: link.username })}</p>
      <p>{t('admin-slip-text', { at: formatDateTime(link.expiresAt) })}</p>
      <p class="slip__address">{addressOf(link)}</p>
      <p>{t('admin-slip-secret')}</p>
    </div>
  );
}
