import { useState } from 'preact/hooks';
import type { Finding } from '../../protocol/generated';

export interface Fixes {
  editing: boolean;
  setEditing: (open: boolean) => void;
  /** Id of the item whose form is open; `new` for that of a new one. */
  item: string | null;
  setItem: (item: string | null) => void;
  inviting: boolean;
  setInviting: (open: boolean) => void;
  /** Go where a finding of the checklist is mended. */
  fix: (finding: Finding) => void;
}

/** Which of the desk's forms is open, and the way from a finding to the right one. */
export function useFixes(): Fixes {
  const [editing, setEditing] = useState(false);
  const [item, setItem] = useState<string | null>(null);
  const [inviting, setInviting] = useState(false);

  function fix({ code, itemId }: Finding): void {
    switch (code) {
      case 'empty_agenda':
        setItem('new');
        break;
      case 'no_chair':
      case 'nobody_votes':
        setInviting(true);
        break;
      case 'meeting_over':
        setEditing(true);
        break;
      case 'item_for_nobody':
        setItem(itemId);
        break;
      case 'no_address':
        goTo('people');
        break;
      default:
        goTo(itemId ? `item-${itemId}` : 'agenda-total');
    }
  }

  return { editing, setEditing, item, setItem, inviting, setInviting, fix };
}

function goTo(id: string): void {
  const place = document.querySelector<HTMLElement>(`#${CSS.escape(id)}`);
  place?.focus({ preventScroll: true });
  place?.scrollIntoView?.({ block: 'center' });
}
