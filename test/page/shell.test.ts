import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { complaintsOf } from './browser.ts';
import { Served } from './served.ts';

let served: Served;
let runId: string;

beforeAll(async () => {
  served = await Served.start();
  runId = (await served.run('daily_report')).runId;
});
afterAll(() => served.stop());

const currentIn = (page: Page, name: string) =>
  page.getByRole('navigation', { name, exact: true }).locator('[aria-current]').allTextContents();

/** Address, current place, current tab. */
const PLACES = [
  ['/', 'Home', undefined],
  ['/runs', 'Runs', undefined],
  ['/workflows', 'Workflows', undefined],
  ['/workflows/daily_report', 'Workflows', 'Overview'],
  ['/workflows/daily_report/runs', 'Workflows', 'Runs'],
  ['/workflows/daily_report/backfills', 'Workflows', 'Backfills'],
  ['/workflows/daily_report/backfills/new', 'Workflows', undefined],
] as const;

test('one place is current, and one tab of a workflow', async () => {
  const page = await served.open('/');
  for (const [path, place, tab] of PLACES) {
    await page.goto(`${served.millrace.url}${path}`);
    await page.locator('h1').waitFor();
    expect(await currentIn(page, 'Main'), path).toEqual([place]);
    if (tab) expect(await currentIn(page, 'daily_report'), path).toEqual([tab]);
    expect(await page.locator('.crumbs [aria-current]').count(), path).toBe(0);
  }
  await page.goto(`${served.millrace.url}/workflows/daily_report/runs/${encodeURIComponent(runId)}`);
  await page.locator('.hl .st.success').waitFor();
  expect(await currentIn(page, 'Main')).toEqual(['Workflows']);
  expect(await page.locator('.crumbs [aria-current]').count()).toBe(0);
  expect(complaintsOf(page)).toEqual([]);
});

test('what is one of its kind is counted so', async () => {
  await served.run('mapped_sources');
  const page = await served.open('/');
  const bars = page.locator('.wf tr', { hasText: 'mapped_sources' }).locator('svg.runs');
  expect(await bars.getAttribute('aria-label')).toContain('last 1 run, ');
  expect(await page.locator('.all-well p').textContent()).toMatch(/^(1 run|\d+ runs) succeeded in the last 16 h\./);
  await page.goto(`${served.millrace.url}/workflows/mapped_sources`);
  await page.getByRole('button', { name: '1 run', exact: true }).waitFor();
  await page.getByRole('grid', { name: /by 1 run, newest last$/ }).waitFor();
  expect(await page.locator('main').textContent()).not.toMatch(/\b1 (runs|tasks|rows|instances|dates)\b/);
});

test('keys that do the same are hinted together, and pausing by key says what it holds up first', async () => {
  const page = await served.open('/workflows');
  await page.locator('.wf tbody tr').first().waitFor();
  expect(await page.locator('.keys span').first().textContent()).toBe('jk move');
  await page.keyboard.press('j');
  const name = await page.locator('.wf tr[data-selected] .name a').textContent();
  await page.keyboard.press('p');
  const dialog = page.locator('dialog[open]');
  await dialog.getByText('starts until it is active again').waitFor();
  expect((await served.millrace.store.queries.workflow(name!))?.paused).toBe(false);
  await dialog.getByRole('button', { name: 'Pause' }).click();
  await dialog.waitFor({ state: 'detached' });
  expect((await served.millrace.store.queries.workflow(name!))?.paused).toBe(true);
  expect(complaintsOf(page)).toEqual([]);
});

test('a run by hand has its glyph below the grid and, on hover, its time', async () => {
  const { millrace } = served;
  const { createBackfill } = await import('../../src/engine/backfills.ts');
  const day = Date.UTC(2026, 0, 5);
  const span = { from: day, to: day + 86_400_000, reverse: false, reprocess: 'none' } as const;
  await millrace.engine.command((e) => createBackfill(e, { ...span, workflow: 'daily_report', triggeredBy: 'test' }));
  millrace.engine.wake();
  const page = await served.open('/workflows/daily_report');
  await page.locator('.days td', { hasText: /^5$/ }).waitFor();
  const byHand = page.locator('.days td [title^="By hand"]');
  expect(await byHand.getAttribute('title')).toMatch(/^By hand, \d+ [A-Z][a-z]{2} \d\d:\d\d UTC$/);
  expect(complaintsOf(page)).toEqual([]);
});
