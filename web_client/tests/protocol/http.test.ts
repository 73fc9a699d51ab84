import { describe, expect, it, vi } from 'vitest';
import { api } from '../../src/protocol/http';

function hub(answer: () => Response | Promise<Response>): ReturnType<typeof vi.fn> {
  const fetch = vi.fn(answer);
  vi.stubGlobal('fetch', fetch);
  return fetch;
}

describe('the HTTP interface', () => {
  it('sends JSON and gives the typed body', async () => {
    const fetch = hub(() => Response.json({ id: 'm1' }));
    await expect(api.post('/meetings', { title: 'T' })).resolves.toEqual({ id: 'm1' });
    expect(fetch).toHaveBeenCalledExactlyOnceWith(
      '/api/v1/meetings',
      expect.objectContaining({
        method: 'POST',
        body: '{"title":"T"}',
        headers: { 'Content-Type': 'application/json' },
      }),
    );
  });

  it('gives nothing for 204', async () => {
    hub(() => new Response(null, { status: 204 }));
    await expect(api.delete('/session')).resolves.toBeUndefined();
  });

  it('rejects with the hub’s code and parameters', async () => {
    hub(() =>
      Response.json({ error: { code: 'throttled', message: 'slow down', params: { seconds: 3 } } }, { status: 429 }),
    );
    await expect(api.get('/session')).rejects.toMatchObject({ code: 'throttled', params: { seconds: 3 }, status: 429 });
  });

  it('rejects with a code of its own when there is no answer, or none it can read', async () => {
    hub(() => Promise.reject(new TypeError('failed to fetch')));
    await expect(api.get('/session')).rejects.toMatchObject({ code: 'network' });
    hub(() => new Response('<html>', { status: 502 }));
    await expect(api.get('/session')).rejects.toMatchObject({ code: 'unknown', status: 502 });
  });

  it('passes an abort on as it is', async () => {
    const controller = new AbortController();
    hub(() => Promise.reject(new DOMException('aborted', 'AbortError')));
    controller.abort();
    await expect(api.get('/session', controller.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });
});
