import type { Connection } from '../model/connection.ts';
import { MillraceError } from '../model/errors.ts';
import type { Sealed } from '../store/sealed.ts';
import type { Tx } from '../store/store.ts';
import type { Owner, SealedKind, Vault } from './vault.ts';

/** A name becomes part of an environment variable and of a file name. */
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,249}$/;

export function checkName({ kind, name }: Owner): void {
  if (NAME.test(name)) return;
  throw new MillraceError('invalid_id', `'${name}' cannot be the name of a ${kind}`, {
    fix: "Use letters, digits, '_', '.' and '-', at most 250 characters, the first one a letter, digit or '_'.",
  });
}

/** What is shown of a value without opening it; a connection's password and extra are never in it. */
export interface Summary {
  readonly description?: string;
  readonly type?: string;
  readonly host?: string;
  readonly port?: number;
  readonly login?: string;
  readonly schema?: string;
}

export function connectionSummary({ type, host, port, login, schema, description }: Connection): Summary {
  return {
    type,
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(login === undefined ? {} : { login }),
    ...(schema === undefined ? {} : { schema }),
    ...(description === undefined ? {} : { description }),
  };
}

export function parseSummary(text: string): Summary {
  return JSON.parse(text) as Summary;
}

/** The register of a kind. */
export function registerOf(tx: Tx, kind: SealedKind): Sealed {
  return { connection: tx.connections, variable: tx.variables, secret: tx.secrets }[kind];
}

/**
 * Seals everything with the first key that an older one sealed, in one transaction; returns how many. What cannot be
 * opened ends it with `decryption_failed`, and nothing is changed.
 */
export async function resealAll(tx: Tx, vault: Vault, kinds: readonly SealedKind[]): Promise<number> {
  let count = 0;
  for (const kind of kinds) {
    const register = registerOf(tx, kind);
    for (const row of await register.list()) {
      if (await vault.isCurrent(row.sealed)) continue;
      const owner = { kind, name: row.name };
      await register.put({ ...row, sealed: await vault.seal(owner, await vault.open(owner, row.sealed)) });
      count += 1;
    }
  }
  return count;
}
