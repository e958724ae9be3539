import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createClient } from '../../src/client/client.ts';
import { Project } from './project.ts';

let project: Project;
beforeAll(async () => {
  project = await Project.make({ 'pipelines/none.ts': 'export {};\n' });
});
afterAll(() => project.remove());

it('are shown once and kept nowhere, and are what a running server asks for', async () => {
  const server = await project.serve(['start', '--port', '0']);
  const [, baseUrl = ''] = /"url":"([^"]+)"/.exec(server.output) ?? [];
  const status = async (token?: string) => {
    const client = createClient({ baseUrl, ...(token === undefined ? {} : { token }) });
    return (await client.GET('/api/v2/dags')).response.status;
  };
  expect(await status()).toBe(200);

  const { code, stdout } = await project.run(['tokens', 'create', 'ann', '--role', 'viewer']);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^mr_[\w-]{43}\n$/)]);
  const token = stdout.trim();
  expect([await status(), await status(token)]).toEqual([401, 200]);
  for (const file of ['millrace.db', 'millrace.db-wal']) {
    const bytes = await readFile(join(project.folder, '.millrace', file)).catch(() => Buffer.alloc(0));
    expect(bytes.includes(token)).toBe(false);
  }
  expect(await project.json(['tokens', 'list'])).toEqual([
    { name: 'ann', role: 'viewer', createdAt: expect.any(String) },
  ]);
  expect((await project.run(['tokens', 'create', 'ann'])).stderr).toContain('error[already_exists]');

  expect(await project.run(['tokens', 'revoke', 'ann'])).toMatchObject({ code: 0 });
  expect((await project.run(['tokens', 'revoke', 'ann'])).stderr).toContain('error[not_found]');
  expect(await status()).toBe(200);
  await server.kill('SIGTERM');
});

it.each([
  [['tokens', 'create', 'not a name'], 'invalid_id'],
  [['tokens', 'create', 'cli'], 'invalid_id'],
  [['tokens', 'create', 'bob', '--role', 'king'], 'invalid_argument'],
  [['start', '--auth', 'none'], 'invalid_argument'],
  [['start', '--host', '0.0.0.0', '--port', '0'], 'invalid_argument'],
])('%j is refused', async (args, error) => {
  const { code, stderr } = await project.run(args);
  expect([code === 0, stderr]).toEqual([false, expect.stringContaining(error)]);
});

it('are asked for from the start where that is said', async () => {
  const server = await project.serve(['start', '--port', '0', '--host', '0.0.0.0'], {
    env: { MILLRACE_AUTH: 'token' },
  });
  const [, port = ''] = /"url":"[^"]+:(\d+)"/.exec(server.output) ?? [];
  expect((await fetch(`http://127.0.0.1:${port}/api/v2/dags`)).status).toBe(401);
  expect((await fetch(`http://127.0.0.1:${port}/api/v2/version`)).status).toBe(200);
  await server.kill('SIGTERM');
});
