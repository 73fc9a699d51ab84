import { CircleAlert, CircleCheck, Info, TriangleAlert, type IconNode } from 'lucide';
import type { ComponentChildren, VNode } from 'preact';
import { Icon } from './Icon';
import './widgets.css';

export type BannerTone = 'info' | 'success' | 'warning' | 'danger';

const ICONS: Record<BannerTone, IconNode> = {
  info: Info,
  success: CircleCheck,
  warning: TriangleAlert,
  danger: CircleAlert,
};

export interface BannerProps {
  tone?: BannerTone;
  title?: ComponentChildren;
  children?: ComponentChildren;
  'data-testid'?: string;
}

/** A message about the whole view. Dangers are read at once, everything else when the reader is ready. */
export function Banner({ tone = 'info', title, children, 'data-testid': testId }: BannerProps): VNode {
  return (
    <div class={`banner banner--${tone}`} role={tone === 'danger' ? 'alert' : 'status'} data-testid={testId}>
      <Icon icon={ICONS[tone]} />
      <div class="banner__body">
        {title ? <strong>{title}</strong> : null}
        {children}
      </div>
    </div>
  );
}
