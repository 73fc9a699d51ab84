import type { ComponentChildren, VNode } from 'preact';
import { useId } from 'preact/hooks';
import './widgets.css';

export interface CardProps {
  /** Heading of the card, which also names its region for screen readers. */
  title?: ComponentChildren;
  /** What stands at the end of the heading: a badge or a quiet button. */
  aside?: ComponentChildren;
  class?: string;
  children?: ComponentChildren;
  'data-testid'?: string;
}

/** A sheet of paper on the page. */
export function Card({ title, aside, class: extra, children, 'data-testid': testId }: CardProps): VNode {
  const id = useId();
  return (
    <section class={['card', extra].filter(Boolean).join(' ')} aria-labelledby={title ? id : undefined} data-testid={testId}>
      {title || aside ? (
        <header class="card__header">
          {title ? <h2 id={id}>{title}</h2> : <span />}
          {aside}
        </header>
      ) : null}
      {children}
    </section>
  );
}
