import type { IconNode } from 'lucide';
import type { ComponentChildren, VNode } from 'preact';
import { useId } from 'preact/hooks';
import { t } from '../i18n';
import { Icon } from './Icon';
import './widgets.css';

/** Text for screen readers only. */
export function VisuallyHidden({ children }: { children: ComponentChildren }): VNode {
  return <span class="visually-hidden">{children}</span>;
}

export interface ProgressProps {
  label: string;
  /** Share done, 0 to 1; without it the work has no measure. */
  value?: number;
}

/** How far a long piece of work has come. */
export function Progress({ label, value }: ProgressProps): VNode {
  const id = useId();
  return (
    <div class="progress">
      <span id={id}>{label}</span>
      {value === undefined ? (
        <progress aria-labelledby={id} />
      ) : (
        <progress aria-labelledby={id} max={100} value={Math.round(value * 100)} />
      )}
    </div>
  );
}

/** Stands where content will be. */
export function Loading(): VNode {
  return (
    <output class="loading">
      <span class="spinner" aria-hidden="true" />
      <span>{t('common-loading')}</span>
    </output>
  );
}

export interface EmptyStateProps {
  icon: IconNode;
  title: string;
  children?: ComponentChildren;
}

/** Says that there is nothing yet, and what to do about it. */
export function EmptyState({ icon, title, children }: EmptyStateProps): VNode {
  return (
    <div class="empty">
      <Icon icon={icon} size={36} />
      <p class="empty__title">{title}</p>
      {children}
    </div>
  );
}
