import type { ComponentChildren, VNode } from 'preact';
import { useId, useRef } from 'preact/hooks';
import './widgets.css';

export interface Tab {
  id: string;
  label: ComponentChildren;
  panel: () => ComponentChildren;
}

export interface TabsProps {
  label: string;
  tabs: Tab[];
  selected: string;
  onSelect: (id: string) => void;
}

/** The tab to which a key leads from the one at `index`, or null when the key means nothing here. */
export function tabForKey(key: string, index: number, count: number, rightToLeft: boolean): number | null {
  const forward = rightToLeft ? 'ArrowLeft' : 'ArrowRight';
  const backward = rightToLeft ? 'ArrowRight' : 'ArrowLeft';
  if (key === forward) return (index + 1) % count;
  if (key === backward) return (index - 1 + count) % count;
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  return null;
}

/** Tabs after the ARIA pattern: one tab stop, arrows move and select. */
export function Tabs({ label, tabs, selected, onSelect }: TabsProps): VNode {
  const base = useId();
  const list = useRef<HTMLDivElement>(null);
  const current = tabs.find((tab) => tab.id === selected) ?? tabs[0];

  function onKeyDown(event: KeyboardEvent): void {
    const index = tabs.findIndex((tab) => tab.id === current?.id);
    const rightToLeft = document.documentElement.dir === 'rtl';
    const next = tabForKey(event.key, index, tabs.length, rightToLeft);
    const tab = next === null ? undefined : tabs[next];
    if (next === null || !tab) return;
    event.preventDefault();
    onSelect(tab.id);
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[next]?.focus();
  }

  return (
    <div class="tabs">
      <div class="tabs__list" role="tablist" aria-label={label} ref={list}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            class="tabs__tab"
            id={`${base}-tab-${tab.id}`}
            aria-selected={tab.id === current?.id ? 'true' : 'false'}
            aria-controls={tab.id === current?.id ? `${base}-panel-${tab.id}` : undefined}
            tabIndex={tab.id === current?.id ? 0 : -1}
            data-testid={`tab-${tab.id}`}
            onClick={() => onSelect(tab.id)}
            onKeyDown={onKeyDown}
          >
            {tab.label}
          </button>
        ))}
      </div>
      {current ? (
        <div
          class="tabs__panel"
          role="tabpanel"
          key={current.id}
          id={`${base}-panel-${current.id}`}
          aria-labelledby={`${base}-tab-${current.id}`}
        >
          {current.panel()}
        </div>
      ) : null}
    </div>
  );
}
