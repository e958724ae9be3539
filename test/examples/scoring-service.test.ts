import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { DEFAULT_FAULTS, type FaultOptions, Faults } from '../../examples/customer-pipeline/faults.ts';
import { type ScoringService, startScoringService } from '../../examples/customer-pipeline/scoring-service.ts';

const CALM = { unavailable: 0, slow: 0 };
let folder: string;
let calm: ScoringService;
let open: ScoringService[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-scoring-'));
  calm = await startScoringService({ apiKey: 'key', asOf: '1998-07-01', faults: CALM });
});

afterEach(async () => {
  for (const service of open) await service.stop();
  open = [];
});

afterAll(async () => {
  await calm.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(faults: Partial<FaultOptions>): Promise<ScoringService> {
  const service = await startScoringService({ apiKey: 'key', asOf: '1998-07-01', faults });
  open.push(service);
  return service;
}

function score(service: ScoringService, body: unknown, key = 'key'): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(`${service.url}/score/batch`, { method: 'POST', headers: { 'X-API-Key': key }, body: text });
}

const batch = (first: number, size: number) => ({
  customers: Array.from({ length: size }, (_, i) => ({ id: first + i, lifetime_value: 10 })),
});

test('scores in the order of the request', async () => {
  const customers = [3, 1, 2].map((id) => ({ id, lifetime_value: 1 }));
  const answer = await score(calm, { customers });
  expect(answer.status).toBe(200);
  const { scores } = (await answer.json()) as { scores: { id: number; churn_probability: number }[] };
  expect(scores.map(({ id }) => id)).toEqual([3, 1, 2]);
  // Customer 1 bought on one day only; 3 bought on six days, the last a month before the date.
  expect(scores[1]?.churn_probability).toBe(0);
  expect(scores[0]?.churn_probability).toBeGreaterThan(0);
  expect(scores[0]?.churn_probability).toBeLessThan(0.3);
});

test('refuses what it must', async () => {
  const status = async (answer: Promise<Response>) => (await answer).status;
  expect(await status(score(calm, batch(1, 2), 'wrong'))).toBe(401);
  expect(await status(fetch(`${calm.url}/score/batch`, { method: 'POST' }))).toBe(401);
  for (const body of ['{', '[]', {}, { customers: [{ id: '1', lifetime_value: 1 }] }, { customers: [{ id: 1 }] }]) {
    expect(await status(score(calm, body))).toBe(400);
  }
  expect(await status(score(calm, batch(1, 1001)))).toBe(400);
  expect(await status(score(calm, batch(23_570, 2)))).toBe(422);
  expect(await status(score(calm, 'x'.repeat(5_000_000)))).toBe(413);
  expect(await status(fetch(`${calm.url}/score/batch`))).toBe(404);
});

test('says how it is and what it did', async () => {
  const service = await start(CALM);
  await score(service, batch(1, 5));
  await score(service, batch(1, 5), 'wrong');
  expect(await (await fetch(`${service.url}/health`)).json()).toEqual({
    status: 'ok',
    as_of: '1998-07-01',
    customers: 23_570,
  });
  const stats = { requests: 2, scored: 5, unauthorized: 1, unavailable: 0, slow: 0 };
  expect(await (await fetch(`${service.url}/stats`)).json()).toEqual(stats);
});

/** Scores everything in batches of 500 until a batch fails; the number of batches that went well. */
async function scoreAll(service: ScoringService): Promise<number> {
  for (let i = 0; i < 48; i += 1) {
    const { status } = await score(service, batch(1 + 500 * i, Math.min(500, 23_570 - 500 * i)));
    if (status === 503) return i;
    expect(status).toBe(200);
  }
  return 48;
}

test('fails once in the first attempt at all 48 batches; the second gets through, and so does one after a kill', async () => {
  const file = join(folder, 'last-503');
  const first = await start({ file, slowMs: 0 });
  expect(await scoreAll(first)).toBe(25);
  expect(await scoreAll(first)).toBe(48);
  expect(first.stats).toMatchObject({ unavailable: 1, slow: 2 + 1, requests: 26 + 48 });
  const second = await start({ file, slowMs: 0 });
  expect(await scoreAll(second)).toBe(48);
});

test('the same seed makes the same batches fail, and the quiet time ends', () => {
  let time = 0;
  const faults = (seed: string) =>
    new Faults({ ...DEFAULT_FAULTS, seed, unavailable: 0.2, slow: 0.2, now: () => time });
  const batches = Array.from({ length: 200 }, (_, i) => `${i}`);
  const outcome = (seed: string) => {
    const source = faults(seed);
    return batches.map((name) => source.next(name));
  };
  expect(outcome('a')).toEqual(outcome('a'));
  expect(outcome('a')).not.toEqual(outcome('b'));
  expect(outcome('a').filter((fault) => fault === 'unavailable')).toHaveLength(1);
  const source = faults('a');
  const failing = batches.find((name) => source.next(name) === 'unavailable')!;
  time += DEFAULT_FAULTS.quietMs - 1;
  expect(source.next(failing)).not.toBe('unavailable');
  time += 1;
  expect(source.next(failing)).toBe('unavailable');
});
