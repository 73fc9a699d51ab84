import type { IconNode } from 'lucide';
import type { ComponentChildren, VNode } from 'preact';
import { Icon } from './Icon';
import './widgets.css';

export type Tone = 'neutral' | 'accent' | 'success' | 'warning' | 'danger';

export interface BadgeProps {
  tone?: Tone;
  icon?: IconNode;
  children: ComponentChildren;
  'data-testid'?: string;
}

/** A state in one or two words; the words carry the meaning, the colour only helps. */
export function Badge({ tone = 'neutral', icon, children, 'data-testid': testId }: BadgeProps): VNode {
  return (
    <span class={`badge badge--${tone}`} data-testid={testId}>
      {icon ? <Icon icon={icon} size={14} /> : null}
      {children}
    </span>
  );
}
