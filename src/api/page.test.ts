import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApi } from './api.ts';
import type { Api } from './route.ts';

let folder: string;
let api: Api;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-page-'));
  await mkdir(join(folder, 'web', 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await writeFile(join(folder, 'web', 'index.html'), '<title>the page</title>');
  await writeFile(join(folder, 'web', 'assets', 'main-1a2b.js'), 'let a;');
  // No route that needs them is asked.
  api = createApi({ version: '1' } as never, { page: join(folder, 'web') });
  await api.ready();
});
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

const get = (url: string, accept = 'text/html') =>
  api.inject({ method: 'GET', url, headers: { host: 'localhost', accept } });

describe('the page', () => {
  it.each(['/', '/runs', '/runs?state=failed', '/workflows', '/workflows/a%20b/runs/r%2B1?task=t'])(
    'begins at %s, and is asked for anew each time',
    async (path) => {
      const { statusCode, body, headers } = await get(path);
      expect([statusCode, body, headers['cache-control']]).toEqual([200, '<title>the page</title>', 'no-cache']);
    },
  );

  it('has files whose names say what is in them, and which are kept for ever', async () => {
    const { statusCode, body, headers } = await get('/assets/main-1a2b.js', '*/*');
    expect([statusCode, body]).toEqual([200, 'let a;']);
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });

  it('says itself that there is nothing at an address; of files and the API that is said as data', async () => {
    const view = await get('/nothing/here');
    expect([view.statusCode, view.body]).toEqual([404, '<title>the page</title>']);
    for (const [path, accept] of [
      ['/assets/other-3c4d.js', '*/*'],
      ['/api/v2/nothing', 'text/html'],
    ] as const) {
      const { statusCode, headers } = await get(path, accept);
      expect([path, statusCode, headers['content-type']]).toEqual([path, 404, expect.stringContaining('json')]);
    }
  });

  it.each(['/../secret.txt', '/assets/../../secret.txt', '/%2e%2e/secret.txt', '/assets/..%2f..%2fsecret.txt'])(
    'gives nothing that is not its own: %s',
    async (path) => {
      expect((await get(path, '*/*')).body).not.toBe('secret');
    },
  );
});

it('says how it is built where it is not', async () => {
  const bare = createApi({ version: '1' } as never, { page: join(folder, 'none') });
  const { statusCode, body } = await bare.inject({ method: 'GET', url: '/', headers: { host: 'localhost' } });
  expect([statusCode, body]).toEqual([200, expect.stringContaining('npm run build')]);
  await bare.close();
});
