import { signal } from '@preact/signals';

/** Why the client could not start, or null. */
export const bootError = signal<unknown>(null);
