import { createClient } from '../../../src/client/client.ts';

/** The typed client of the server that the page comes from. */
export const api = createClient({ baseUrl: location.origin });

/** What the API said was wrong. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string | undefined;
  readonly fix: string | undefined;

  constructor(status: number, body: unknown) {
    const { detail, code, fix } = (body ?? {}) as { detail?: unknown; code?: string; fix?: string };
    super(sentence(detail) ?? `the server answered ${status}`);
    this.status = status;
    this.code = code;
    this.fix = fix;
  }
}

/** A detail is a text, or a list of what does not fit, each with its place. */
function sentence(detail: unknown): string | undefined {
  if (typeof detail === 'string') return detail;
  if (!Array.isArray(detail)) {
    // What there is already: an object with what is wrong in it.
    const { message } = (detail ?? {}) as { readonly message?: unknown };
    return typeof message === 'string' ? message : undefined;
  }
  return detail
    .map(
      ({ loc, msg }: { loc?: readonly (string | number)[]; msg?: string }) =>
        `${loc?.slice(1).join('.') ?? ''}: ${msg}`,
    )
    .join('; ');
}

/** The answer's data, or an ApiError. */
export async function ok<T>(
  answer: Promise<{ readonly data?: T; readonly error?: unknown; readonly response: Response }>,
): Promise<NonNullable<T>> {
  const { data, error, response } = await answer;
  if (response.status === 401)
    location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
  if (!response.ok) throw new ApiError(response.status, error);
  return data as NonNullable<T>;
}
