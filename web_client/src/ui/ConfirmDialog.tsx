import type { ComponentChildren, VNode } from 'preact';
import { t } from '../i18n';
import { Button } from './Button';
import { Dialog } from './Dialog';
import { ErrorBanner } from './ErrorBanner';
import { useAction } from './useAction';

export interface ConfirmDialogProps {
  title: string;
  /** What the button does, in a verb. */
  confirm: string;
  dismiss?: string;
  danger?: boolean;
  children?: ComponentChildren;
  /** Checks what was entered, and shows what is missing; nothing happens while it says false. */
  ready?: () => boolean;
  /** The dialog closes by itself when this succeeds, and words the error when it does not. */
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
  'data-testid'?: string;
}

/** Asks before something that cannot be undone. */
export function ConfirmDialog(props: ConfirmDialogProps): VNode {
  const { title, confirm, dismiss, danger, children, ready, onConfirm, onClose, 'data-testid': testId } = props;
  const { busy, error, run } = useAction();

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (ready && !ready()) return;
    if (await run(onConfirm)) onClose();
  }

  return (
    <Dialog title={title} onClose={onClose}>
      <form class="form" onSubmit={submit} noValidate>
        {children}
        <ErrorBanner error={error} />
        <div class="actions actions--end">
          <Button kind="quiet" onClick={onClose} autofocus>
            {dismiss ?? t('common-cancel')}
          </Button>
          <Button kind={danger ? 'danger' : 'primary'} type="submit" busy={busy} data-testid={testId}>
            {confirm}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
