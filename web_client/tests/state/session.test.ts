import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../../src/protocol/errors';
import { loadSession, me, serverNow, signIn, signOut, stepUpPrompt, withStepUp } from '../../src/state/session';
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
    hub(Response.json(ME));
    await signIn({ username: 'u', password: 'p' });
    expect(me.value).toEqual(ME);
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('offline')));
    await expect(signOut()).rejects.toMatchObject({ code: 'network' });
    expect(me.value).toEqual(ME);
    hub(new Response(null, { status: 204 }));
    await signOut();
    expect(me.value).toBeNull();
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
    hub(refusal('wrong_password', 401), Response.json(ME));
    await expect(stepUpPrompt.value?.confirm('no')).rejects.toMatchObject({ code: 'wrong_password' });
    prove();
    await stepUpPrompt.value?.confirm('yes');
    await expect(result).resolves.toBe('done');
    expect(stepUpPrompt.value).toBeNull();
    expect(action).toHaveBeenCalledTimes(2);
  });

  it('may be cancelled', async () => {
    const result = withStepUp(wanted().action);
    await vi.waitFor(() => expect(stepUpPrompt.value).not.toBeNull());
    stepUpPrompt.value?.cancel();
    await expect(result).rejects.toMatchObject({ code: 'cancelled' });
  });
});
