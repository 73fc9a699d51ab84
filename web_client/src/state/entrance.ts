import { signal } from '@preact/signals';
import type { DemoCode, Entrance } from '../protocol/generated';
import { api } from '../protocol/http';

/** What the hub says before anybody is known; null until it has answered. */
export const entrance = signal<Entrance | null>(null);

/** Ask once. The sign-in page does without if the hub does not answer. */
export async function loadEntrance(): Promise<void> {
  if (entrance.value !== null) return;
  try {
    entrance.value = await api.get<Entrance>('/entrance');
  } catch {
    entrance.value = null;
  }
}

/** A code for whoever signs in or confirms, where the hub is a demo; null everywhere else. */
export async function demoCode(): Promise<string | null> {
  await loadEntrance();
  if (!entrance.value?.demo) return null;
  try {
    return (await api.get<DemoCode>('/entrance/demo-code')).code;
  } catch {
    return null;
  }
}
