import { signal } from '@preact/signals';
import { setLocale, negotiate } from '../i18n';
import { api, ApiError } from '../protocol/http';
import type { Me, SignIn, StepUp } from '../protocol/generated';

/** Who is signed in: `undefined` until the hub has answered, `null` for nobody. */
export const me = signal<Me | null | undefined>(undefined);

/** What the step-up dialog needs; null while nothing asks for it. */
export interface StepUpPrompt {
  /** Prove presence. Rejects with {@link ApiError} (`wrong_password`, `throttled`), and then may be called again. */
  confirm(password: string): Promise<void>;
  cancel(): void;
}
export const stepUpPrompt = signal<StepUpPrompt | null>(null);

let clockOffsetMs = 0;

/** The hub's clock, as well as this page knows it. */
export function serverNow(): number {
  return Date.now() + clockOffsetMs;
}

/** Correct the page's idea of the hub's clock. */
export function learnServerTime(serverTimeMs: number): void {
  clockOffsetMs = serverTimeMs - Date.now();
}

async function remember(person: Me): Promise<Me> {
  learnServerTime(Date.parse(person.serverTime));
  await setLocale(negotiate(person.locale));
  me.value = person;
  return person;
}

/** Ask the hub who this browser is. Nobody is no error; an unreachable hub is. */
export async function loadSession(): Promise<void> {
  try {
    await remember(await api.get<Me>('/session'));
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    me.value = null;
  }
}

export async function signIn(body: SignIn): Promise<Me> {
  return remember(await api.post<Me>('/session', body));
}

/**
 * End the session on the hub, then here. Rejects where the hub did not end it: somebody who walks away from a shared
 * computer must know that they are still signed in. A session that is over already is no failure.
 */
export async function signOut(): Promise<void> {
  try {
    await api.delete('/session');
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
  }
  forgetSession();
}

/** The session is over (signed out elsewhere, expired, disabled). */
export function forgetSession(): void {
  stepUpPrompt.value?.cancel();
  me.value = null;
}

/**
 * Run `action`; when the hub wants a fresh proof of presence, ask for it and run the action once more.
 *
 * Rejects with {@link ApiError} `cancelled` when the person closes the dialog.
 */
export async function withStepUp<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'step_up_required') throw error;
  }
  await askForStepUp();
  return action();
}

function askForStepUp(): Promise<void> {
  return new Promise((resolve, reject) => {
    stepUpPrompt.value?.cancel();
    const close = () => {
      stepUpPrompt.value = null;
    };
    stepUpPrompt.value = {
      async confirm(password) {
        await remember(await api.post<Me>('/session/step-up', { password } satisfies StepUp));
        close();
        resolve();
      },
      cancel() {
        close();
        reject(new ApiError('cancelled', 'step-up cancelled'));
      },
    };
  });
}
