import type { Lookup } from '../engine/engine.ts';
import { parseConnection } from '../model/connection.ts';
import { environmentName } from '../sdk/environment-name.ts';
import type { SealedRow } from '../store/rows.ts';
import { parseSummary } from './entry.ts';
import type { SecretsBackend } from './secrets-backend.ts';
import { SECRETS_FOLDER_VARIABLE, secretsFolder } from './secrets-folder.ts';
import type { Owner, Vault } from './vault.ts';

export interface LookupOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly backends: readonly SecretsBackend[];
  /** The sealed row, or null. */
  readonly row: (owner: Owner) => Promise<SealedRow | null>;
  readonly vault: Vault;
}

/** Where a value was found: `environment`, the name of a backend, or `store`. */
export interface Found {
  readonly text: string;
  readonly source: string;
  readonly description?: string;
}

/**
 * Finds connections, variables and secrets by name: first in the environment (`MILLRACE_CONN_NAME`,
 * `MILLRACE_VAR_NAME`, `MILLRACE_SECRET_NAME`), then in the secrets backends, then in the store. A connection found
 * anywhere is its URI or a JSON object of its fields; it is checked here, so that what is wrong is said where it is.
 */
export class Finder implements Lookup {
  readonly #options: LookupOptions;

  constructor(options: LookupOptions) {
    this.#options = options;
  }

  async connection(name: string): Promise<string | null> {
    const found = await this.find({ kind: 'connection', name });
    if (found) parseConnection(name, found.text);
    return found?.text ?? null;
  }

  async variable(name: string): Promise<string | null> {
    return (await this.find({ kind: 'variable', name }))?.text ?? null;
  }

  async secret(name: string): Promise<string | null> {
    return (await this.find({ kind: 'secret', name }))?.text ?? null;
  }

  async find(owner: Owner): Promise<Found | null> {
    const { env, backends, row, vault } = this.#options;
    const given = env[environmentName(VARIABLE_PART[owner.kind], owner.name)];
    if (given !== undefined) return { text: given, source: 'environment' };
    for (const backend of backends) {
      const text = await backend.find(owner);
      if (text !== null) return { text, source: backend.name };
    }
    const sealed = await row(owner);
    if (!sealed) return null;
    const { description } = parseSummary(sealed.summary);
    const text = await vault.open(owner, sealed.sealed);
    return { text, source: 'store', ...(description === undefined ? {} : { description }) };
  }
}

const VARIABLE_PART = { connection: 'CONN', variable: 'VAR', secret: 'SECRET' } as const;

/** The backends that the environment names. */
export function configuredBackends(env: Readonly<Record<string, string | undefined>>): SecretsBackend[] {
  const folder = env[SECRETS_FOLDER_VARIABLE];
  return folder ? [secretsFolder(folder)] : [];
}
