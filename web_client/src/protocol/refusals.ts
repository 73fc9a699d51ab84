import type { ApiError } from './errors';

const handlers = new Set<(error: ApiError) => void>();

/** Be told of every refusal of the hub, whoever asked and over which way. Returns how to stop. */
export function onRefusal(handler: (error: ApiError) => void): () => void {
  handlers.add(handler);
  return () => handlers.delete(handler);
}

/** Tell of a refusal, and return it to be thrown. */
export function refused(error: ApiError): ApiError {
  for (const handler of handlers) handler(error);
  return error;
}
