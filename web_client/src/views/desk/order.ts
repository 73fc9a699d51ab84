/** The list with the element at `from` standing at `to`; unchanged where an index is outside. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const copy = [...list];
  if (from < 0 || from >= copy.length || to < 0 || to >= copy.length) return copy;
  copy.splice(to, 0, ...copy.splice(from, 1));
  return copy;
}

/** The elements in the order of the ids; what the ids do not name comes last. */
export function inOrder<T extends { id: string; position: number }>(list: readonly T[], ids: readonly string[]): T[] {
  const place = (element: T) => (ids.includes(element.id) ? ids.indexOf(element.id) : ids.length + element.position);
  return list.toSorted((one, other) => place(one) - place(other));
}
