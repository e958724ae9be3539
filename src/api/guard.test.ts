import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen } from '../cli/server/http.ts';
import { createApi } from './api.ts';
import type { Api } from './route.ts';

const PARTS = { version: '1', store: { queries: { tokens: async () => [] } } } as never;
let api: Api;
beforeAll(async () => {
  // Nothing here reaches a route that would need more.
  api = createApi(PARTS);
  await api.ready();
});
afterAll(() => api.close());

async function statusOf(method: 'GET' | 'POST', headers: Record<string, string>) {
  const url = method === 'GET' ? '/api/v2/version' : '/api/v2/backfills';
  const payload = method === 'POST' ? {} : undefined;
  return (await api.inject({ method, url, headers, ...(payload ? { payload } : {}) })).statusCode;
}

const PASSES = { GET: 200, POST: 422 } as const;

describe('without authentication', () => {
  it.each(['localhost', 'localhost:8080', '127.0.0.1', '127.0.0.1:1', '127.9.9.9:80', '[::1]', '[::1]:8080'])(
    'answers to %s',
    async (host) => {
      expect(await statusOf('GET', { host })).toBe(PASSES.GET);
      expect(await statusOf('POST', { host })).toBe(PASSES.POST);
      expect(await statusOf('POST', { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' })).toBe(
        PASSES.POST,
      );
    },
  );

  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil.example:8080',
    'localhost:80@evil.example',
    '10.0.0.1',
    '128.0.0.1',
    '[::2]',
    '0.0.0.0',
    'localhost:80x',
  ])('is not taken in by a name that points here: %s', async (host) => {
    expect(await statusOf('GET', { host })).toBe(421);
    expect(await statusOf('POST', { host })).toBe(421);
  });

  it.each([
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { origin: 'https://localhost' },
    { origin: 'http://localhost:81' },
    { origin: 'http://localhost.evil.example' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('lets no page of others change anything: %j', async (headers) => {
    expect(await statusOf('POST', { host: 'localhost', ...(headers as Record<string, string>) })).toBe(403);
    // It may ask: without CORS its browser does not let it read the answer.
    expect(await statusOf('GET', { host: 'localhost', ...(headers as Record<string, string>) })).toBe(200);
  });
});

it.each(['0.0.0.0', '::', '192.168.1.5', 'example.org', '127.0.0.1.evil.example'])(
  'does not listen on %s',
  async (host) => {
    await expect(listen({ host, port: 0 }, PARTS)).rejects.toMatchObject({ code: 'invalid_argument' });
  },
);
