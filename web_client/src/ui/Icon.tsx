import type { IconNode } from 'lucide';
import { h, type VNode } from 'preact';

export interface IconProps {
  /** A lucide icon, for example `import { Mic } from 'lucide'`. */
  icon: IconNode;
  /** In pixels; 20 by default. */
  size?: number;
  class?: string;
  /** Names what the icon means where no text stands beside it; without it the icon is decoration. */
  label?: string;
  /** Arrows and their like point the other way in right-to-left scripts. */
  directional?: boolean;
}

/** Draws a line icon in the colour of the text around it. */
export function Icon({ icon, size = 20, class: extra, label, directional }: IconProps): VNode {
  const classes = ['icon', directional ? 'icon--directional' : '', extra ?? ''].filter(Boolean).join(' ');
  return (
    <svg
      class={classes}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      role={label ? 'img' : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : 'true'}
      focusable="false"
    >
      {icon.map(([tag, attributes], index) => h(tag, { key: index, ...attributes }))}
    </svg>
  );
}
