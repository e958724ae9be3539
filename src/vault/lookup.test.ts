import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keySource } from './key-file.ts';
import { configuredBackends, Finder } from './lookup.ts';
import type { Owner } from './vault.ts';
import { Vault } from './vault.ts';

let folder: string;
let secrets: string;
let vault: Vault;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-lookup-'));
  secrets = join(folder, 'mounted');
  await mkdir(join(secrets, 'connections'), { recursive: true });
  vault = new Vault(keySource(join(folder, 'keys'), {}));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function finder(env: Record<string, string>, stored: Record<string, string> = {}) {
  const row = async (owner: Owner) => {
    const text = stored[`${owner.kind} ${owner.name}`];
    if (text === undefined) return null;
    return { name: owner.name, sealed: await vault.seal(owner, text), summary: '{}', updatedAt: 1 };
  };
  const all = { ...env, MILLRACE_SECRETS_DIR: secrets };
  return new Finder({ env: all, backends: configuredBackends(all), row, vault });
}

it('asks the environment, then the backends, then the store', async () => {
  const env = { MILLRACE_CONN_MY_DB: 'postgres://env' };
  const stored = { 'connection my-db': 'postgres://store' };
  expect(await finder(env, stored).connection('my-db')).toBe('postgres://env');
  expect(await finder({}, stored).connection('my-db')).toBe('postgres://store');
  await writeFile(join(secrets, 'connections', 'my-db'), 'postgres://file\n');
  expect(await finder({}, stored).connection('my-db')).toBe('postgres://file');
  expect(await finder(env, stored).find({ kind: 'connection', name: 'my-db' })).toMatchObject({
    source: 'environment',
  });
  expect(await finder({}).connection('other')).toBeNull();
});

it('reads files under the name of the variable, too, and takes one line break off', async () => {
  await writeFile(join(secrets, 'MILLRACE_SECRET_API_KEY'), 'two\nlines\n\n');
  await writeFile(join(secrets, 'MILLRACE_VAR_REGION'), 'eu');
  expect(await finder({}).secret('api.key')).toBe('two\nlines\n');
  expect(await finder({}).variable('region')).toBe('eu');
});

it('takes a connection as JSON, and says what is wrong with one', async () => {
  const json = '{"type":"http","host":"example.org"}';
  expect(await finder({ MILLRACE_CONN_API: json }).connection('api')).toBe(json);
  const wrong = finder({ MILLRACE_CONN_API: 'no-uri' }).connection('api');
  await expect(wrong).rejects.toMatchObject({ code: 'invalid_connection', fix: expect.any(String) });
});

it('an empty variable of the environment is a value', async () => {
  expect(await finder({ MILLRACE_VAR_NOTHING: '' }, { 'variable nothing': 'stored' }).variable('nothing')).toBe('');
});

it.each(['../keys', '', '.', '..', 'a/b', 'a\0b'])('never leaves the folder for %j', async (name) => {
  await expect(finder({}).secret(name)).rejects.toMatchObject({ code: 'invalid_id' });
});
