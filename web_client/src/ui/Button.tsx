import type { IconNode } from 'lucide';
import type { ButtonHTMLAttributes, ComponentChildren, Ref, VNode } from 'preact';
import './button.css';
import { Icon } from './Icon';

export type ButtonKind = 'primary' | 'secondary' | 'quiet' | 'danger';

type NativeButton = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'icon' | 'size' | 'ref'>;

export interface ButtonProps extends NativeButton {
  kind?: ButtonKind;
  /** The action runs: the button shows it, keeps its place and ignores further presses. */
  busy?: boolean;
  icon?: IconNode;
  large?: boolean;
  wide?: boolean;
  children?: ComponentChildren;
  buttonRef?: Ref<HTMLButtonElement>;
}

export function buttonClass(kind: ButtonKind = 'secondary', large = false, wide = false): string {
  return ['button', `button--${kind}`, large ? 'button--large' : '', wide ? 'button--wide' : '']
    .filter(Boolean)
    .join(' ');
}

/** A button with a text. At most one of a screen is `primary`. */
export function Button(props: ButtonProps): VNode {
  const { kind, busy = false, icon, large, wide, children, buttonRef, class: extra, onClick, type, ...rest } = props;
  const leading = busy ? <span class="spinner" aria-hidden="true" /> : icon ? <Icon icon={icon} /> : null;
  return (
    <button
      {...rest}
      ref={buttonRef}
      type={type ?? 'button'}
      class={[buttonClass(kind, large, wide), extra].filter(Boolean).join(' ')}
      aria-busy={busy ? 'true' : undefined}
      aria-disabled={busy ? 'true' : undefined}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {leading}
      <span>{children}</span>
    </button>
  );
}

export interface IconButtonProps extends NativeButton {
  icon: IconNode;
  /** What the button does: its accessible name and its tooltip. */
  label: string;
  danger?: boolean;
  directional?: boolean;
  buttonRef?: Ref<HTMLButtonElement>;
}

/** A button that shows only an icon. */
export function IconButton(props: IconButtonProps): VNode {
  const { icon, label, danger, directional, buttonRef, class: extra, type, ...rest } = props;
  const classes = ['icon-button', danger ? 'icon-button--danger' : '', extra ?? ''].filter(Boolean).join(' ');
  return (
    <button {...rest} ref={buttonRef} type={type ?? 'button'} class={classes} aria-label={label} title={label}>
      <Icon icon={icon} directional={directional} />
    </button>
  );
}
