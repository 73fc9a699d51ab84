import type { ComponentChildren, VNode } from 'preact';
import './table.css';

export interface TableProps {
  /** What it shows, for screen readers. */
  caption: string;
  /** Headings of the columns, in order. */
  columns: readonly ComponentChildren[];
  class?: string;
  /** Its rows. */
  children: ComponentChildren;
}

/** A table over the whole width. On a phone every row is a small card, without the headings. */
export function Table({ caption, columns, class: extra, children }: TableProps): VNode {
  return (
    <table class={['table', extra].filter(Boolean).join(' ')}>
      <caption class="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          {columns.map((column, place) => (
            <th key={place} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}
