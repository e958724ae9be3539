import { MillraceError } from '../model/errors.ts';

/**
 * Loads a client library that the user installs beside Millrace. `load` is `() => import('name')`, written out, so that
 * bundlers see the import.
 */
export async function loadPeer<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    if (!isMissing(cause, name)) throw cause;
    throw new MillraceError('provider_error', `the package '${name}' is not installed`, {
      fix: `npm install ${name}`,
      cause,
    });
  }
}

/** True when the package itself is missing; false when it is there and something that it needs is not. */
function isMissing(error: unknown, name: string): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') return false;
  return error.message.includes(`'${name}'`) || error.message.includes(`"${name}"`);
}
