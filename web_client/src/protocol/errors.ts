/**
 * An answer of the hub that is not success, or its absence.
 *
 * `code` is stable and names the text `error-CODE`; `params` fill it. The client's own codes are `network` (no answer),
 * `timeout` (the hub took too long) and `disconnected` (the live connection broke before the answer came).
 */
export class ApiError extends Error {
  readonly code: string;
  readonly params: Record<string, string | number>;
  readonly status: number;

  constructor(code: string, message: string, params: Record<string, string | number> = {}, status = 0) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.params = params;
    this.status = status;
  }
}
