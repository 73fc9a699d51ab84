import { signal } from '@preact/signals';
import { setLocale, negotiate } from '../i18n';
import { api, ApiError } from '../protocol/http';
import { onRefusal } from '../protocol/refusals';
import type { Me, NewPassword, SignIn, SignInAnswer, SignInCode, StepUp } from '../protocol/generated';
import { arrive, depart } from './departure';

/** Who is signed in: `undefined` until the hub has answered, `null` for nobody. */
export const me = signal<Me | null | undefined>(undefined);

/** What the step-up dialog needs; null while nothing asks for it. */
export interface StepUpPrompt {
  /** Prove presence. Rejects with {@link ApiError} (`wrong_code`, `throttled`), and then may be called again. */
  confirm(proof: StepUp): Promise<void>;
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
  arrive(person.personId);
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

/** Give the password. Resolves to null where a code has to follow; until then nobody is signed in. */
export async function signIn(body: SignIn): Promise<Me | null> {
  const { me: person } = await api.post<SignInAnswer>('/session', body);
  return person && remember(person);
}

/** Give the code of the second step. Resolves to how many recovery codes are left, if one was used up. */
export async function signInWithCode(body: SignInCode): Promise<number | null> {
  const { me: person, recoveryCodesLeft } = await api.post<SignInAnswer>('/session/code', body);
  if (person) await remember(person);
  return recoveryCodesLeft;
}

/** Change the password: the other sessions of the person end. */
export async function changePassword(body: NewPassword): Promise<void> {
  await remember(await api.post<Me>('/account/password', body));
}

// A duty that came meanwhile may demand a second factor: the session then says so, and the page leads there.
onRefusal((error) => {
  if (error.code === 'second_factor_required') void lookAgain();
});

async function lookAgain(): Promise<void> {
  try {
    await loadSession();
  } catch {
    // The hub is away; the next refusal asks again.
  }
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
  depart();
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

async function stepUp(proof: StepUp): Promise<Me> {
  try {
    return await api.post<Me>('/session/step-up', proof);
  } catch (error) {
    // A second factor was set up in another window: the dialog has to ask for it.
    if (error instanceof ApiError && error.code === 'code_required') await loadSession();
    throw error;
  }
}

function askForStepUp(): Promise<void> {
  return new Promise((resolve, reject) => {
    stepUpPrompt.value?.cancel();
    const close = () => {
      stepUpPrompt.value = null;
    };
    stepUpPrompt.value = {
      async confirm(proof) {
        await remember(await stepUp(proof));
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
