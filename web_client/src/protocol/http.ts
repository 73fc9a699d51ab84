import { ApiError } from './errors';
import type { ErrorReply } from './generated';
import { refused } from './refusals';

export { ApiError } from './errors';

const ROOT = '/api/v1';

/** Address of a resource that the browser opens itself, such as a PDF. */
export function apiUrl(path: string): string {
  return ROOT + path;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

async function send<T>(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const response = await reach(method, path, body, signal);
  if (!response.ok) throw await failure(response);
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

async function reach(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  try {
    return await fetch(apiUrl(path), {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      ...(body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError('network', String(cause));
  }
}

async function failure(response: Response): Promise<ApiError> {
  try {
    return refused(fromReply((await response.json()) as ErrorReply, response.status));
  } catch {
    return new ApiError('unknown', response.statusText, {}, response.status);
  }
}

function fromReply(reply: ErrorReply, status: number): ApiError {
  const { code, message, params } = reply.error;
  return new ApiError(code, message, params ?? {}, status);
}

interface UploadOptions {
  onProgress?: (fraction: number) => void;
  signal?: AbortSignal;
}

/** Send a form with a file. `onProgress` gets 0 to 1; aborting `signal` cancels and rejects with code `cancelled`. */
function upload<T>(path: string, form: FormData, { onProgress, signal }: UploadOptions = {}): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', apiUrl(path));
    request.responseType = 'json';
    request.upload.addEventListener('progress', (event) => onProgress?.(event.loaded / Math.max(event.total, 1)));
    request.addEventListener('error', () => reject(new ApiError('network', 'upload failed')));
    request.addEventListener('abort', () => reject(new ApiError('cancelled', 'upload cancelled')));
    request.addEventListener('load', () => {
      if (request.status < 300) resolve(request.response as T);
      else if (request.response) reject(fromReply(request.response as ErrorReply, request.status));
      else reject(new ApiError('unknown', request.statusText, {}, request.status));
    });
    signal?.addEventListener('abort', () => request.abort());
    request.send(form);
  });
}

/** Get a file that needs more than a link: a fresh proof of presence, or an error that is worded. */
async function file(path: string): Promise<Blob> {
  const response = await reach('GET', path);
  if (!response.ok) throw await failure(response);
  return response.blob();
}

/** The HTTP interface under /api/v1. Every call resolves with the typed body or rejects with {@link ApiError}. */
export const api = {
  get: <T>(path: string, signal?: AbortSignal) => send<T>('GET', path, undefined, signal),
  post: <T = void>(path: string, body?: unknown) => send<T>('POST', path, body),
  put: <T = void>(path: string, body?: unknown) => send<T>('PUT', path, body),
  patch: <T = void>(path: string, body?: unknown) => send<T>('PATCH', path, body),
  delete: <T = void>(path: string) => send<T>('DELETE', path),
  upload,
  file,
};
