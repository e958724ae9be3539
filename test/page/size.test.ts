import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { visit } from '../../bench/page/visit.ts';
import { type Millrace, startMillrace } from '../../src/cli/server/index.ts';
import { launchBrowser } from './browser.ts';

// However much there is, as much is sent and drawn as is seen. How fast that goes is measured in bench/.

const KILOBYTES = 1_000;

let millrace: Millrace;
let browser: Browser;
let folder: string;
const runIds: Record<string, string> = {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-size-'));
  const files = [fileURLToPath(new URL('./large/', import.meta.url))];
  [millrace, browser] = await Promise.all([
    startMillrace({ home: join(folder, '.millrace'), files, http: { port: 0 } }),
    launchBrowser(),
  ]);
  for (const workflow of ['broad', 'manifold']) {
    const { runId, state } = await millrace.waitForRun(await millrace.trigger({ workflow, conf: {} }));
    expect([workflow, state]).toEqual([workflow, 'success']);
    runIds[workflow] = runId;
  }
});
afterAll(async () => {
  await browser.close();
  await millrace.stop();
  await rm(folder, { recursive: true, force: true });
});

async function opened(path: string, selector: string) {
  for (const context of browser.contexts()) await context.close();
  return visit(browser, `${millrace.url}${path}`, [selector]);
}

const runPath = (workflow: string) => `/workflows/${workflow}/runs/${encodeURIComponent(runIds[workflow]!)}`;
const count = (page: Page, selector: string) => page.locator(selector).count();
/** Everything in the document, once all is there. */
const elements = (page: Page) => count(page, '*');

test('home is sent within 1 MB', async () => {
  const { kilobytes, answers } = await opened('/', '.wf tbody tr');
  expect(answers.length).toBeGreaterThan(0);
  expect(kilobytes).toBeLessThan(KILOBYTES);
});

test('of 500 tasks the grid and the list have those that are seen', async () => {
  const { kilobytes, page } = await opened('/workflows/broad', 'table.grid tbody td.c button');
  await page.locator('.tree li').first().waitFor();
  expect(kilobytes).toBeLessThan(KILOBYTES);
  expect(await count(page, 'table.grid tbody tr')).toBeLessThan(80);
  expect(await count(page, '.tree li')).toBeLessThan(80);
  expect(await elements(page)).toBeLessThan(2_000);
  for (const [box, rows] of [
    ['.grid-box', 'table.grid'],
    ['.graph-room', '.tree'],
  ] as const) {
    await page.locator(box).hover();
    await page.mouse.wheel(0, 50_000);
    await page.locator(rows).getByText('step_499', { exact: true }).waitFor();
  }
});

test('a run of 500 tasks has the rows that are seen, down to the last', async () => {
  const { kilobytes, page } = await opened(runPath('broad'), '.tl .row[data-task]');
  expect(kilobytes).toBeLessThan(KILOBYTES);
  expect(await count(page, '.tl .row[data-task]')).toBeLessThan(120);
  expect(await elements(page)).toBeLessThan(2_500);
  const last = page.locator('.tl .row[data-task="step_499"]');
  expect(await last.count()).toBe(0);
  await expect
    .poll(async () => {
      await page.mouse.wheel(0, 4_000);
      return await last.count();
    })
    .toBe(1);
  expect(await count(page, '.tl .row[data-task]')).toBeLessThan(120);
});

test('of a map of 2,000 a page is sent and drawn', async () => {
  const { kilobytes, page } = await opened(`${runPath('manifold')}?unfolded=each`, '.tl .row.ind');
  expect(kilobytes).toBeLessThan(KILOBYTES);
  expect(await count(page, '.tl .row.ind')).toBeLessThanOrEqual(50);
  expect(await elements(page)).toBeLessThan(2_500);
});
