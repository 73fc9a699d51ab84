import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../../src/protocol/errors';
import { api } from '../../src/protocol/http';
import {
  loadSession,
  me,
  serverNow,
  signIn,
  signInWithCode,
  signOut,
  stepUpPrompt,
  withStepUp,
} from '../../src/state/session';
import { ME } from '../samples';

const refusal = (code: string, status: number) =>
  Response.json({ error: { code, message: code, params: {} } }, { status });

function hub(...answers: Response[]): ReturnType<typeof vi.fn> {
  const fetch = vi.fn(() => Promise.resolve(answers.shift() ?? new Response(null, { status: 204 })));
  vi.stubGlobal('fetch', fetch);
  return fetch;
}

beforeEach(() => {
  me.value = undefined;
  localStorage.clear();
});

describe('the session', () => {
  it('is the hub’s word, with its clock', async () => {
    hub(Response.json({ ...ME, serverTime: new Date(Date.now() + 60_000).toISOString() }));
    await loadSession();
    expect(me.value?.personId).toBe('a');
    expect(serverNow() - Date.now()).toBeGreaterThan(50_000);
  });

  it('may be nobody’s; an unreachable hub is another matter', async () => {
    hub(refusal('no_session', 401));
    await loadSession();
    expect(me.value).toBeNull();
    hub(refusal('internal', 500));
    await expect(loadSession()).rejects.toMatchObject({ code: 'internal' });
  });

  it('begins with signing in, and ends only when the hub has ended it', async () => {
    hub(Response.json({ me: ME, recoveryCodesLeft: null }));
    await expect(signIn({ username: 'u', password: 'p' })).resolves.toEqual(ME);
    expect(me.value).toEqual(ME);
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('offline')));
    await expect(signOut()).rejects.toMatchObject({ code: 'network' });
    expect(me.value).toEqual(ME);
    hub(new Response(null, { status: 204 }));
    await signOut();
    expect(me.value).toBeNull();
  });

  it('of somebody with a second factor begins with the code', async () => {
    me.value = null;
    hub(Response.json({ me: null, recoveryCodesLeft: null }), Response.json({ me: ME, recoveryCodesLeft: 9 }));
    await expect(signIn({ username: 'u', password: 'p' })).resolves.toBeNull();
    expect(me.value).toBeNull();
    await expect(signInWithCode({ code: 'abcd-efgh-ijkl-mnop' })).resolves.toBe(9);
    expect(me.value).toEqual(ME);
  });

  it('is looked at again when a duty demands a second factor meanwhile', async () => {
    me.value = ME;
    hub(refusal('second_factor_required', 403), Response.json({ ...ME, secondFactor: 'missing' }));
    await expect(api.get('/meetings')).rejects.toMatchObject({ code: 'second_factor_required' });
    await vi.waitFor(() => expect(me.value?.secondFactor).toBe('missing'));
  });

  it('that is over already needs no end', async () => {
    me.value = ME;
    hub(refusal('no_session', 401));
    await signOut();
    expect(me.value).toBeNull();
  });
});

describe('a step-up', () => {
  const wanted = () => {
    let proved = false;
    return {
      action: vi.fn(() => (proved ? Promise.resolve('done') : Promise.reject(new ApiError('step_up_required', '')))),
      prove: () => {
        proved = true;
      },
    };
  };

  it('is not asked for when nothing wants it', async () => {
    await expect(withStepUp(() => Promise.resolve(1))).resolves.toBe(1);
    await expect(withStepUp(() => Promise.reject(new ApiError('denied', '')))).rejects.toMatchObject({
      code: 'denied',
    });
    expect(stepUpPrompt.value).toBeNull();
  });

  it('is asked for, may be tried again, and then the action is repeated', async () => {
    const { action, prove } = wanted();
    const result = withStepUp(action);
    await vi.waitFor(() => expect(stepUpPrompt.value).not.toBeNull());
    const fetch = hub(refusal('wrong_code', 401), Response.json(ME));
    await expect(stepUpPrompt.value?.confirm({ code: 'no' })).rejects.toMatchObject({ code: 'wrong_code' });
    prove();
    await stepUpPrompt.value?.confirm({ code: '123456' });
    expect(fetch).toHaveBeenLastCalledWith('/api/v1/session/step-up', expect.objectContaining({ body: '{"code":"123456"}' }));
    await expect(result).resolves.toBe('done');
    expect(stepUpPrompt.value).toBeNull();
    expect(action).toHaveBeenCalledTimes(2);
  });

  it('by a password that is not enough any more tells the dialog to ask for a code', async () => {
    me.value = ME;
    const result = withStepUp(wanted().action);
    await vi.waitFor(() => expect(stepUpPrompt.value).not.toBeNull());
    hub(refusal('code_required', 409), Response.json({ ...ME, secondFactor: 'enrolled' }));
    await expect(stepUpPrompt.value?.confirm({ password: 'p' })).rejects.toMatchObject({ code: 'code_required' });
    expect(me.value?.secondFactor).toBe('enrolled');
    stepUpPrompt.value?.cancel();
    await expect(result).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('may be cancelled', async () => {
    const result = withStepUp(wanted().action);
    await vi.waitFor(() => expect(stepUpPrompt.value).not.toBeNull());
    stepUpPrompt.value?.cancel();
    await expect(result).rejects.toMatchObject({ code: 'cancelled' });
  });
});
