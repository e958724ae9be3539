import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SqliteStore } from '../store/sqlite/store.ts';
import { resealAll } from './entry.ts';
import { keySource } from './key-file.ts';
import { keyText, newKey } from './keyring.ts';
import { SEALED_KINDS, Vault } from './vault.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-vault-'));
  file = join(folder, 'home', 'keys');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const owner = { kind: 'connection', name: 'shop' } as const;
const vaultOf = (...keys: string[]) => new Vault(keySource(file, { MILLRACE_ENCRYPTION_KEY: keys.join(',') }));

describe('vault', () => {
  it('opens what it sealed, whatever the text, and seals the same text differently each time', async () => {
    const vault = new Vault(keySource(file, {}));
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.constantFrom(...SEALED_KINDS), async (text, kind) => {
        const [first, second] = [
          await vault.seal({ ...owner, kind }, text),
          await vault.seal({ ...owner, kind }, text),
        ];
        expect(first).not.toBe(second);
        expect(await vault.open({ ...owner, kind }, first)).toBe(Buffer.from(text).toString());
      }),
    );
  });

  it('refuses what was changed, moved to another name or kind, or has an unknown form', async () => {
    const vault = new Vault(keySource(file, {}));
    const sealed = await vault.seal(owner, 'postgres://login:password@host/schema');
    const refused = { code: 'decryption_failed', fix: expect.any(String) };
    await expect(vault.open({ ...owner, name: 'lake' }, sealed)).rejects.toMatchObject(refused);
    await expect(vault.open({ ...owner, kind: 'secret' }, sealed)).rejects.toMatchObject(refused);
    await expect(vault.open(owner, sealed.replace(/.{4}$/, 'AAAA'))).rejects.toMatchObject(refused);
    await expect(vault.open(owner, sealed.slice(0, 20))).rejects.toMatchObject(refused);
    await expect(vault.open(owner, 'plain text')).rejects.toMatchObject(refused);
  });

  it('names the missing key and never the value', async () => {
    const [one, two] = [newKey(), newKey()];
    const sealed = await vaultOf(keyText(one)).seal(owner, 'the-plain-text');
    const error = await vaultOf(keyText(two)).open(owner, sealed).catch(String);
    expect(error).toContain(one.id);
    expect(error).not.toContain('the-plain-text');
    expect(error).not.toContain(keyText(one));
  });

  it('decrypts with every key and encrypts with the first', async () => {
    const [old, young] = [keyText(newKey()), keyText(newKey())];
    const sealed = await vaultOf(old).seal(owner, 'text');
    expect(await vaultOf(young, old).open(owner, sealed)).toBe('text');
    const again = await vaultOf(young, old).seal(owner, 'text');
    expect(await vaultOf(young).open(owner, again)).toBe('text');
  });

  it.each(['short', Buffer.alloc(31).toString('base64'), `${'x'.repeat(43)}!`, ' , '])(
    'refuses %j as a key, without repeating it',
    async (text) => {
      const error = await vaultOf(text)
        .seal(owner, '')
        .catch((reason) => reason);
      expect(error).toMatchObject({ code: 'invalid_argument', fix: expect.stringContaining('openssl') });
      if (text.length > 5) expect(error.message).not.toContain(text);
    },
  );
});

describe('key file', () => {
  it('is made at first use, for its owner alone, and kept', async () => {
    const before = process.umask(0);
    const [id] = await new Vault(keySource(file, {})).keyIds();
    process.umask(before);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await new Vault(keySource(file, {})).keyIds()).toEqual([id]);
  });

  it('is the same for all who make it at once', async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, () => new Vault(keySource(file, {})).keyIds()));
    expect(new Set(ids.flat()).size).toBe(1);
  });

  it('says so when it is damaged', async () => {
    await keySource(file, {}).load();
    await writeFile(file, 'garbage\n');
    await expect(keySource(file, {}).load()).rejects.toMatchObject({ code: 'invalid_argument' });
    await writeFile(file, '');
    await expect(keySource(file, {}).load()).rejects.toMatchObject({
      message: expect.stringContaining('no encryption key'),
    });
  });

  it('is read again when another process has put a new key in front', async () => {
    const server = new Vault(keySource(file, {}));
    await server.keyIds();
    await keySource(file, {}).add();
    const sealed = await new Vault(keySource(file, {})).seal(owner, 'text');
    expect(await server.open(owner, sealed)).toBe('text');
  });
});

describe('rotation', () => {
  it('seals everything anew, so that the old key can go', async () => {
    const store = SqliteStore.open(':memory:');
    await store.migrate();
    const source = keySource(file, {});
    const before = new Vault(source);
    await store.transaction(async (tx) => {
      for (const kind of SEALED_KINDS) {
        const sealed = await before.seal({ kind, name: 'a' }, `${kind} text`);
        const register = { connection: tx.connections, variable: tx.variables, secret: tx.secrets }[kind];
        await register.put({ name: 'a', sealed, summary: '{}', updatedAt: 1 });
      }
    });
    await source.add();
    const vault = new Vault(source);
    expect(await store.transaction((tx) => resealAll(tx, vault, SEALED_KINDS))).toBe(3);
    expect(await store.transaction((tx) => resealAll(tx, vault, SEALED_KINDS))).toBe(0);
    await source.dropOld();
    const row = await store.transaction((tx) => tx.secrets.get('a'));
    expect(await new Vault(keySource(file, {})).open({ kind: 'secret', name: 'a' }, row?.sealed ?? '')).toBe(
      'secret text',
    );
    expect(await readFile(file, 'utf8')).not.toContain('secret text');
    await store.close();
  });

  it('of keys from the environment is done there', async () => {
    const source = keySource(file, { MILLRACE_ENCRYPTION_KEY: keyText(newKey()) });
    await expect(source.add()).rejects.toMatchObject({ code: 'conflict', fix: expect.stringContaining('comma') });
  });

  it('needs a file that can be read', async () => {
    await keySource(file, {}).load();
    await chmod(file, 0);
    // Root reads everything.
    if (process.getuid?.() === 0) return;
    await expect(keySource(file, {}).load()).rejects.toMatchObject({ code: 'decryption_failed' });
  });
});
