import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MillraceError } from '../model/errors.ts';
import { environmentName } from '../sdk/environment-name.ts';
import { checkName } from './entry.ts';
import type { SecretsBackend } from './secrets-backend.ts';
import type { Owner } from './vault.ts';

/** Environment variable with the folder. */
export const SECRETS_FOLDER_VARIABLE = 'MILLRACE_SECRETS_DIR';

const MISSING = new Set(['ENOENT', 'ENOTDIR', 'EISDIR']);
const VARIABLE_PART = { connection: 'CONN', variable: 'VAR', secret: 'SECRET' } as const;

/**
 * Values as files, as Kubernetes and Docker mount secrets: `connections/NAME`, `variables/NAME`, `secrets/NAME`, or
 * flat under the name of the environment variable, `MILLRACE_CONN_NAME`. One line break at the end is not part of the
 * value. Read anew each time, so that a mounted secret may change.
 */
export function secretsFolder(folder: string): SecretsBackend {
  return {
    name: `files in ${folder}`,
    async find(owner) {
      checkName(owner);
      const { kind, name } = owner;
      const nested = await read(join(folder, `${kind}s`, name), owner);
      return nested ?? read(join(folder, environmentName(VARIABLE_PART[kind], name)), owner);
    },
  };
}

async function read(path: string, { kind, name }: Owner): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code !== undefined && MISSING.has(code)) return null;
    throw new MillraceError('store_unavailable', `${kind} '${name}' cannot be read from ${path}: ${message}`, {
      fix: `Let this user read the file, or correct ${SECRETS_FOLDER_VARIABLE}.`,
      cause,
    });
  }
}
