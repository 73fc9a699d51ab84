import { X } from 'lucide';
import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { t } from '../i18n';
import { IconButton } from './Button';
import './dialog.css';

export interface DialogProps {
  title: ComponentChildren;
  /** Called once when the reader closes the dialog by its cross or the Escape key. */
  onClose: () => void;
  wide?: boolean;
  children?: ComponentChildren;
  'data-testid'?: string;
}

/**
 * A modal dialog that is open while it is drawn. The browser keeps the focus inside and gives it back afterwards.
 * Mark the control that shall have the focus first with `autofocus`.
 */
export function Dialog({ title, onClose, wide, children, 'data-testid': testId }: DialogProps): VNode {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useEffect(() => {
    const dialog = ref.current;
    const opener = document.activeElement;
    dialog?.showModal();
    return () => {
      dialog?.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);

  return (
    <dialog
      ref={ref}
      class={wide ? 'dialog dialog--wide' : 'dialog'}
      aria-labelledby={titleId}
      data-testid={testId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div class="dialog__header">
        <h2 id={titleId}>{title}</h2>
        <IconButton icon={X} label={t('common-close')} onClick={onClose} />
      </div>
      <div class="dialog__body">{children}</div>
    </dialog>
  );
}
