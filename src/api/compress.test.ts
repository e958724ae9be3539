import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compressAnswers } from './compress.ts';
import type { Api } from './route.ts';

const LONG = 'abc '.repeat(1_000);
const api = fastify();

beforeAll(async () => {
  compressAnswers(api as unknown as Api);
  api.get('/long', async () => ({ text: LONG }));
  api.get('/short', async () => ({ text: 'abc' }));
  await api.ready();
});
afterAll(() => api.close());

const get = (url: string, accepts?: string) =>
  api.inject({ method: 'GET', url, headers: accepts === undefined ? {} : { 'accept-encoding': accepts } });

describe('answers', () => {
  it.each([
    ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
    ['gzip, deflate', 'gzip', gunzipSync],
    ['br;q=0, gzip;q=0.5', 'gzip', gunzipSync],
  ] as const)('are compressed for who accepts %s', async (accepts, encoding, decompress) => {
    const { headers, rawPayload } = await get('/long', accepts);
    expect(headers).toMatchObject({ 'content-encoding': encoding, vary: 'accept-encoding' });
    expect(headers['content-length']).toBe(String(rawPayload.length));
    expect(rawPayload.length).toBeLessThan(200);
    expect(JSON.parse(decompress(rawPayload).toString())).toEqual({ text: LONG });
  });

  it.each([undefined, '', 'identity', 'br;q=0'])('are sent as they are to who accepts %j', async (accepts) => {
    const { headers, body } = await get('/long', accepts);
    expect(headers['content-encoding']).toBeUndefined();
    expect(JSON.parse(body)).toEqual({ text: LONG });
  });

  it('are sent as they are where they are short', async () => {
    const { headers, body } = await get('/short', 'br');
    expect([headers['content-encoding'], body]).toEqual([undefined, '{"text":"abc"}']);
  });
});
