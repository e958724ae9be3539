import { randomBytes } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Project } from './project.ts';

const PIPELINE = `
  import { connection, dag, secret, task, variable } from 'millrace';
  const look = task('look', async (_: void, { log }) => {
    const shop = await connection('shop').get();
    const key = await secret('api.key');
    log.info('the password is ' + shop.password + ' and the key is ' + key);
    return { host: shop.host, region: await variable('region'), length: key.length };
  }, { pool: 'narrow' });
  export const looks = dag('looks', { schedule: null }, () => { look(); });
  const missing = task('missing', () => connection('nowhere').get());
  export const misses = dag('misses', { schedule: null }, () => { missing(); });
`;

let project: Project;
beforeAll(async () => {
  project = await Project.make({ 'pipelines/looks.ts': PIPELINE });
});
afterAll(() => project.remove());

const URI = 'postgres://me:p%40ssw0rd-long@db.example:5433/shop?api_key=abcdef123&sslmode=require';

describe('connections', () => {
  it('are shown without their secrets, and are not on disk in the clear', async () => {
    const added = await project.run(['connections', 'add', 'shop', '--uri', URI, '--description', 'the shop']);
    expect(added).toMatchObject({ code: 0, stdout: 'connection shop is added\n' });
    for (const args of [
      ['connections', 'get', 'shop'],
      ['connections', 'list'],
      ['connections', 'get', 'shop', '--json'],
    ]) {
      const { code, stdout, stderr } = await project.run(args);
      expect(code).toBe(0);
      expect(stdout).toContain('db.example');
      expect(stdout + stderr).not.toMatch(/ssw0rd|abcdef123/);
    }
    expect(await project.json(['connections', 'get', 'shop'])).toMatchObject({
      type: 'postgres',
      port: 5433,
      password: '***',
      extra: { api_key: '***', sslmode: 'require' },
      source: 'store',
    });
    for (const file of ['millrace.db', 'millrace.db-wal']) {
      const bytes = await readFile(join(project.folder, '.millrace', file)).catch(() => Buffer.alloc(0));
      expect(bytes.includes('ssw0rd')).toBe(false);
    }
    expect((await stat(join(project.folder, '.millrace', 'keys'))).mode & 0o777).toBe(0o600);
  });

  it('are not replaced by chance, and come in fields, too', async () => {
    const again = await project.run(['connections', 'add', 'shop', '--uri', URI]);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('error[already_exists]') });
    const fields = [
      '--type',
      'http',
      '--host',
      'api.example',
      '--login',
      'me',
      '--password',
      '-',
      '--extra',
      '{"timeout": 5}',
    ];
    expect((await project.run(['connections', 'add', 'api', ...fields], { input: 'from-stdin\n' })).code).toBe(0);
    expect(await project.json(['connections', 'get', 'api'])).toMatchObject({ password: '***', extra: { timeout: 5 } });
    const env = { MILLRACE_CONN_API: 'http://elsewhere.example' };
    expect(await project.json(['connections', 'get', 'api'], { env })).toMatchObject({
      host: 'elsewhere.example',
      source: 'environment',
    });
    expect((await project.run(['connections', 'delete', 'api'])).code).toBe(0);
    expect(await project.run(['connections', 'get', 'shp'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("'shop'"),
    });
  });

  it.each([
    [['connections', 'add', 'x', '--uri', 'no uri'], 1, 'invalid_connection'],
    [['connections', 'add', 'x'], 2, 'invalid_argument'],
    [['connections', 'add', 'x', '--uri', URI, '--host', 'y'], 2, 'invalid_argument'],
    [['connections', 'add', 'a/b', '--uri', URI], 1, 'invalid_id'],
    [['connections', 'add', 'x', '--type', 'http', '--port', '99999'], 2, 'invalid_argument'],
  ])('%j is refused', async (args, code, error) => {
    expect(await project.run(args)).toMatchObject({ code, stderr: expect.stringContaining(`error[${error}]`) });
  });
});

it('variables are set, read and deleted; secrets are never shown', async () => {
  await project.run(['variables', 'set', 'region', 'eu']);
  await project.run(['variables', 'set', 'db_password'], { input: 'from stdin' });
  expect((await project.run(['variables', 'get', 'region'])).stdout).toBe('eu\n');
  expect((await project.run(['variables', 'get', 'db_password'])).stdout).toBe('***\n');
  expect((await project.run(['variables', 'delete', 'db_password'])).code).toBe(0);
  expect((await project.json<{ name: string }[]>(['variables', 'list'])).map(({ name }) => name)).toEqual(['region']);
  expect((await project.run(['secrets', 'set', 'api.key'], { input: 'k-0123456789\n' })).code).toBe(0);
  const { stdout } = await project.run(['secrets', 'list', '--json']);
  expect(stdout).toContain('api.key');
  expect(stdout).not.toContain('0123456789');
  expect((await project.run(['secrets', 'get', 'api.key'])).code).toBe(2);
});

it('pools are made, changed, listed and deleted', async () => {
  expect(await project.json(['pools', 'set', 'narrow', '1', 'for the shop'])).toMatchObject({ slots: 1 });
  expect(await project.json(['pools', 'set', 'narrow', '2'])).toMatchObject({ slots: 2, description: 'for the shop' });
  expect(await project.json(['pools', 'list'])).toMatchObject([
    { name: 'default_pool' },
    { name: 'narrow', used: 0, waiting: 0 },
  ]);
  expect(await project.run(['pools', 'set', 'narrow', '-2'])).toMatchObject({ code: 2 });
  expect(await project.run(['pools', 'delete', 'default_pool'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('error[conflict]'),
  });
  await project.run(['pools', 'set', 'other', '1']);
  expect(await project.run(['pools', 'delete', 'other'])).toMatchObject({ code: 0 });
  expect(await project.run(['pools', 'get', 'other'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('error[not_found]'),
  });
});

it('a running task finds them, and its log masks them', async () => {
  await project.run(['pools', 'set', 'narrow', '0']);
  const server = await project.serve(['dev']);
  await project.run(['dags', 'trigger', 'looks', '--run-id', 'one']);
  const waiting = await project.json<{ instances: { state: string; waitsFor: string }[] }>([
    'runs',
    'show',
    'looks',
    'one',
  ]);
  expect(waiting.instances).toMatchObject([{ state: 'queued' }]);
  await project.run(['pools', 'set', 'narrow', '1']);
  await server.line(/looks +run +one +success/);
  const { stdout } = await project.run(['runs', 'logs', 'looks', 'one']);
  expect(stdout).toContain('the password is *** and the key is ***');

  const missed = await project.run(['dags', 'trigger', 'misses', '--wait']);
  expect(missed).toMatchObject({ code: 1, stderr: expect.stringContaining("there is no connection 'nowhere'") });
  const log = await project.run(['runs', 'logs', 'misses']);
  expect(log.stdout).toContain('missing_connection');
  expect(log.stdout).toContain('Fix: Set MILLRACE_CONN_NOWHERE=');
  const shown = await project.json(['runs', 'show', 'misses']);
  expect(shown).toMatchObject({ instances: [{ attempts: [{ code: 'missing_connection' }] }] });
  expect(await server.kill('SIGTERM')).toBe(0);
});

it('the keys are rotated, and a wrong one is told apart', async () => {
  const [before] = (await project.json<{ keys: string[] }>(['keys', 'list'])).keys;
  const rotated = await project.json<{ resealed: number; keys: string[] }>(['keys', 'rotate', '--drop-old']);
  expect(rotated).toMatchObject({ resealed: 3, keys: [expect.any(String)] });
  expect(rotated.keys).not.toContain(before);
  expect(await project.json(['connections', 'get', 'shop'])).toMatchObject({ host: 'db.example' });

  const env = { MILLRACE_ENCRYPTION_KEY: randomBytes(32).toString('base64') };
  const wrong = await project.run(['connections', 'get', 'shop'], { env });
  expect(wrong).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('error[decryption_failed]') });
  expect(wrong.stderr).toContain(rotated.keys[0]);
  const doctor = await project.run(['doctor'], { env });
  expect(doctor.code).toBe(1);
  expect(doctor.stdout).toMatch(/fail +secrets +3 of 3 cannot be decrypted/);

  await writeFile(join(project.folder, '.millrace', 'keys'), 'nonsense\n');
  expect(await project.run(['connections', 'get', 'shop'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('openssl rand'),
  });
});
