import type { VNode } from 'preact';
import './widgets.css';

/** First letters of the first and the last word of a name. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const chosen = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return chosen.map((word) => [...(word ?? '')][0] ?? '').join('').toLocaleUpperCase();
}

/** A person's initials, drawn by the style sheet: decoration beside the name, which is neither read nor searched. */
export function Avatar({ name, large }: { name: string; large?: boolean }): VNode {
  return (
    <span class={large ? 'avatar avatar--large' : 'avatar'} data-initials={initials(name)} aria-hidden="true" />
  );
}
