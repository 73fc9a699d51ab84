const OWNER = 'plenum.owner';
const forgetting = new Set<() => void>();

/** Have `forget` called when the reader signs out, or when somebody else takes their place in this window. */
export function onDeparture(forget: () => void): void {
  forgetting.add(forget);
}

/**
 * The window is this person's now. What they left in it before a reload, or before their session ran out, is still
 * there; what somebody else left (drafts, places, files on their way) is gone before the first page is drawn.
 */
export function arrive(personId: string): void {
  if (sessionStorage.getItem(OWNER) === personId) return;
  depart();
  sessionStorage.setItem(OWNER, personId);
}

/** The reader leaves on purpose, perhaps a shared computer: nothing of them stays in the window. */
export function depart(): void {
  sessionStorage.clear();
  for (const forget of forgetting) forget();
}
