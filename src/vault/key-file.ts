import { chmod, link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MillraceError } from '../model/errors.ts';
import { type EncryptionKey, type Keyring, keyText, newKey, parseKeys } from './keyring.ts';

/** Environment variable that holds the keys instead of the file, separated by commas. */
export const KEY_VARIABLE = 'MILLRACE_ENCRYPTION_KEY';

const HEAD = [
  '# The keys of the connections, variables and secrets of this Millrace. Whoever has them can read those.',
  '# The first one encrypts, all of them decrypt. Without them what is stored cannot be read: keep a copy elsewhere.',
];

/** Where keys come from. */
export interface KeySource {
  /** The keys as they are now; makes the first one where there is none. */
  load(): Promise<Keyring>;
  /** Puts a new key in front and returns it with the others. Throws `conflict` for keys from the environment. */
  add(): Promise<Keyring>;
  /** Keeps the first key only. Throws `conflict` for keys from the environment. */
  dropOld(): Promise<Keyring>;
}

/** The keys of `MILLRACE_ENCRYPTION_KEY` when it is set, else of the file, which is made at first use with mode 0600. */
export function keySource(file: string, env: Readonly<Record<string, string | undefined>>): KeySource {
  const text = env[KEY_VARIABLE];
  return text ? variableSource(text) : fileSource(file);
}

function variableSource(text: string): KeySource {
  const refuse = async (): Promise<never> => {
    throw new MillraceError('conflict', `the encryption keys come from ${KEY_VARIABLE}`, {
      fix: `Put the new key in front of the old ones in ${KEY_VARIABLE}, separated by a comma, then run: millrace keys rotate`,
    });
  };
  return { load: async () => parseKeys(text.split(','), KEY_VARIABLE), add: refuse, dropOld: refuse };
}

function fileSource(file: string): KeySource {
  const load = async () => (await read(file)) ?? (await make(file));
  return {
    load,
    async add() {
      const keys: Keyring = [newKey(), ...(await load())];
      await write(file, keys);
      return keys;
    },
    async dropOld() {
      const [first] = await load();
      await write(file, [first]);
      return [first];
    },
  };
}

async function read(file: string): Promise<Keyring | undefined> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw new MillraceError('decryption_failed', `the keys in ${file} cannot be read: ${cause.message}`, {
      fix: `Let this user read the file, or set ${KEY_VARIABLE}.`,
      cause,
    });
  });
  return text === undefined ? undefined : parseKeys(text.split('\n'), file);
}

/** Makes the first key. Of two processes that do so at once, one wins, and both use its key. */
async function make(file: string): Promise<Keyring> {
  const keys: Keyring = [newKey()];
  const temporary = await writeBeside(file, keys);
  try {
    await link(temporary, file);
    return keys;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return (await read(file)) ?? keys;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function write(file: string, keys: readonly EncryptionKey[]): Promise<void> {
  await rename(await writeBeside(file, keys), file);
}

async function writeBeside(file: string, keys: readonly EncryptionKey[]): Promise<string> {
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}-${newKey().id}`;
  await writeFile(temporary, [...HEAD, ...keys.map(keyText), ''].join('\n'), { mode: 0o600, flush: true });
  // The mask of the process may have taken bits away, but must not have left any for others.
  await chmod(temporary, 0o600);
  return temporary;
}

/** The permission bits of the key file, or undefined where there is none. */
export async function keyFileMode(file: string): Promise<number | undefined> {
  const found = await stat(file).catch(() => undefined);
  return found && found.mode & 0o777;
}
