import { join, resolve } from 'node:path';
import { MillraceError } from '../model/errors.ts';
import type { Store } from '../store/store.ts';

export const STORE_VARIABLE = 'MILLRACE_STORE';

export type StoreLocation =
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'postgres'; readonly uri: string };

/**
 * Reads where the store is: `postgres://…`, or a SQLite file as `sqlite:PATH` or plain PATH. Without a text it is
 * `millrace.db` in the home folder.
 */
export function storeLocation(
  text: string | undefined,
  { cwd, home }: { readonly cwd: string; readonly home: string },
): StoreLocation {
  if (!text) return { kind: 'sqlite', path: join(home, 'millrace.db') };
  if (/^postgres(ql)?:\/\//.test(text)) return { kind: 'postgres', uri: text };
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(text)?.[1];
  if (scheme !== undefined && scheme !== 'sqlite') {
    throw new MillraceError('invalid_argument', `a store of type '${scheme}' is not known`, {
      fix: 'Use postgres://login:password@host:port/database, or sqlite:PATH.',
    });
  }
  const path = text.replace(/^sqlite:(\/\/(?=\/))?/, '');
  return { kind: 'sqlite', path: path === ':memory:' ? path : resolve(cwd, path) };
}

/** Opens the store without looking at its schema. */
export async function openStore(location: StoreLocation): Promise<Store> {
  if (location.kind === 'sqlite') {
    const { SqliteStore } = await import('../store/sqlite/store.ts');
    return SqliteStore.open(location.path);
  }
  const { PostgresStore } = await import('../store/postgres/store.ts');
  return PostgresStore.open(location.uri);
}

/** The place of a store for people: without a password. */
export function describeStore(location: StoreLocation): string {
  return location.kind === 'sqlite' ? location.path : location.uri.replace(/\/\/([^:@/]*):[^@/]*@/, '//$1:***@');
}
