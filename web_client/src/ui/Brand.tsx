import type { VNode } from 'preact';

/** The mark: a chamber's seats in two arcs before the speaker. */
export function Brand({ size = 28 }: { size?: number }): VNode {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" stroke="currentColor" aria-hidden="true" focusable="false">
      <path d="M3.5 24a12.5 12.5 0 0 1 25 0" stroke-width="3.4" stroke-linecap="round" stroke-dasharray="5.2 4.62" />
      <path d="M10 24a6 6 0 0 1 12 0" stroke-width="3.4" stroke-linecap="round" />
      <circle cx="16" cy="24.4" r="2.2" fill="currentColor" stroke="none" />
    </svg>
  );
}
