import type { AgendaItem, ItemBody, ItemKind } from '../../protocol/generated';

/** What stands in the controls of an agenda item's form. */
export interface ItemForm {
  title: string;
  description: string;
  kind: ItemKind;
  presenterId: string;
  minutes: string;
  restricted: boolean;
  readers: string[];
}

export type ItemErrors = Partial<Record<'title' | 'minutes' | 'readers', string>>;

const LONGEST_MINUTES = 1440;

export function emptyItem(): ItemForm {
  return { title: '', description: '', kind: 'discussion', presenterId: '', minutes: '15', restricted: false, readers: [] };
}

/** The form of an item that exists; who may read a restricted one is told to those who edit it. */
export function formOfItem(item: AgendaItem): ItemForm {
  const { title, description, kind, presenterId, minutes, restricted, readers } = item;
  return {
    title,
    description,
    kind,
    presenterId: presenterId ?? '',
    minutes: String(minutes),
    restricted,
    readers: [...(readers ?? [])],
  };
}

export function checkItem(form: ItemForm): ItemErrors {
  const errors: ItemErrors = {};
  const minutes = Number(form.minutes);
  if (!form.title.trim()) errors.title = 'item-title-missing';
  if (!form.minutes.trim() || !Number.isInteger(minutes) || minutes < 0 || minutes > LONGEST_MINUTES)
    errors.minutes = 'item-minutes-invalid';
  if (form.restricted && form.readers.length === 0) errors.readers = 'item-readers-missing';
  return errors;
}

/** The body of the request. Only for a form without errors. */
export function itemBody(form: ItemForm): ItemBody {
  return {
    title: form.title.trim(),
    description: form.description.trim(),
    kind: form.kind,
    presenterId: form.presenterId || null,
    minutes: Number(form.minutes),
    readers: form.restricted ? form.readers : null,
  };
}
