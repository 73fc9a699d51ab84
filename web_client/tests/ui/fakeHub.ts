import { afterEach, vi } from 'vitest';

export interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  body: unknown;
}

export interface FakeHub {
  calls: Call[];
  /** Answer a request; the value is the body, or a function of the call that returns it or throws a {@link Refusal}. */
  on: (request: string, answer: unknown) => void;
}

/** What the hub answers instead of a body. */
export class Refusal {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly params: Record<string, string | number> = {},
  ) {}
}

/** Stands for the hub's HTTP interface. A request that no test expects is refused with 404. */
export function fakeHub(): FakeHub {
  const calls: Call[] = [];
  const answers = new Map<string, unknown>();
  vi.stubGlobal('fetch', async (input: string, init: RequestInit = {}) => {
    const url = new URL(input, 'https://hub.example');
    const path = url.pathname.replace('/api/v1', '');
    const method = init.method ?? 'GET';
    const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
    const call = { method, path, query: url.searchParams, body };
    calls.push(call);
    const request = `${method} ${path}`;
    return reply(answers.has(request) ? answers.get(request) : new Refusal(404, 'not_found'), call);
  });
  return { calls, on: (request, answer) => answers.set(request, answer) };
}

function reply(answer: unknown, call: Call): Response {
  const value: unknown = typeof answer === 'function' ? (answer as (call: Call) => unknown)(call) : answer;
  if (value instanceof Refusal) {
    const { status, code, params } = value;
    return Response.json({ error: { code, message: code, params } }, { status });
  }
  return value === null ? new Response(null, { status: 204 }) : Response.json(value);
}

afterEach(() => {
  vi.unstubAllGlobals();
});
