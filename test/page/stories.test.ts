import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { complaintsOf } from './browser.ts';
import { Served } from './served.ts';

let served: Served;

beforeAll(async () => {
  served = await Served.start();
});
afterAll(() => served.stop());

const dialog = (page: Page) => page.locator('dialog[open]');

test('a workflow is triggered with params, and its run is seen to its end', async () => {
  const page = await served.open('/workflows/daily_report');
  await page.getByRole('button', { name: 'Trigger' }).click();
  const form = dialog(page);
  await form.getByLabel('table').fill('archive');
  await form.getByLabel('rows').fill('1.5');
  await expect.poll(() => form.getByText('rows is no whole number').isVisible()).toBe(true);
  expect(await form.getByRole('button', { name: 'Trigger' }).isDisabled()).toBe(true);
  await form.getByLabel('rows').fill('7');
  await form.getByRole('button', { name: 'Trigger' }).click();
  await page.waitForURL(/\/runs\/manual__/);
  await page.locator('.hl .st.success').waitFor();
  expect(JSON.parse((await page.locator('.facts code').textContent()) ?? '')).toEqual({ table: 'archive', rows: 7 });
  // The log of what is selected; the task is chosen with the keys.
  await page.keyboard.press('k');
  await page.keyboard.press('k');
  await page.keyboard.press('k');
  await page
    .locator('.log')
    .getByText(/extracting \d{4}-/)
    .waitFor();
  expect(complaintsOf(page)).toEqual([]);
});

test('a mapped run with failed instances is seen, and only those run again', async () => {
  await served.break('broken');
  const run = await served.run('mapped_sources');
  expect(run.state).toBe('failed');
  const page = await served.open('/');
  const item = page.locator('.att li').filter({ hasText: 'mapped_sources' });
  await item.getByText('Failed 2 of 6').waitFor();
  expect(await item.textContent()).toContain('connect ECONNREFUSED 10.4.2.17:5432');
  await item.getByRole('link', { name: 'mapped_sources' }).click();
  await page.locator('.say.failed').waitFor();
  const dock = page.locator('.dock');
  await dock.getByText('One cause, 2 instances').waitFor();
  expect(await dock.locator('tbody tr').count()).toBe(2);
  expect(await dock.locator('tbody td:nth-child(2)').allTextContents()).toEqual(['web', 'erp']);

  await served.mend('broken');
  await page.getByRole('button', { name: 'Re-run 2 failed' }).first().click();
  await dialog(page).getByText('3 task instances run again').waitFor();
  await dialog(page).getByRole('button', { name: 'Clear 3' }).click();
  await dialog(page).waitFor({ state: 'detached' });
  await page.locator('.say.failed').waitFor({ state: 'detached' });
  await expect.poll(async () => (await served.millrace.store.queries.run(run.id))?.state).toBe('success');
  const attempts = await served.millrace.store.queries.attempts(run.id);
  expect(
    attempts
      .filter(({ task }) => task === 1)
      .map(({ index, outcome }) => `${index} ${outcome}`)
      .sort(),
  ).toEqual(['0 success', '1 failed', '1 success', '2 success', '3 success', '4 failed', '4 success', '5 success']);
  expect(complaintsOf(page)).toEqual([]);
});

test('a flow that failed is resumed: what was done answers from the record', async () => {
  await served.break('locked');
  const run = await served.run('customer-pipeline', { date: '2026-03-10' });
  expect(run.state).toBe('failed');
  await served.mend('locked');
  const page = await served.open('/');
  // The step and the flow's body that it broke are one cause.
  const items = page.locator('.att li').filter({ hasText: 'customer-pipeline' });
  await items.first().waitFor();
  expect(await items.locator('.what').allTextContents()).toEqual(['customer-pipeline›load_scores']);
  await page.goto(`${served.millrace.url}/workflows/customer-pipeline`);
  await page.getByText(/^The run of .* failed/).waitFor();
  expect(await page.locator('.say').textContent()).toContain(': password authentication failed for user "etl_flow".');
  await page.locator('.run-rows a.m').first().click();
  await page.locator('.say.failed').waitFor();
  expect(await page.locator('.say.failed').textContent()).toContain('password authentication failed');
  await page.keyboard.press('Shift+R');
  await dialog(page).getByText('extract_customers #1').waitFor();
  expect(await dialog(page).textContent()).toContain('3 results answer from the record');
  await dialog(page).getByRole('button', { name: 'Resume' }).click();
  await page.locator('.hl .st.success').waitFor();
  const attempts = await served.millrace.store.queries.attempts(run.id);
  const names = await served.millrace.store.readings.stepNames(run.id);
  const outcomes = attempts
    .filter(({ task }) => names.has(task))
    .map(({ task, outcome }) => `${names.get(task)} ${outcome}`);
  expect(outcomes.sort()).toEqual([
    'extract_customers success',
    'load_scores failed',
    'load_scores success',
    'score_customers success',
    'score_customers success',
  ]);
  expect(complaintsOf(page)).toEqual([]);
});

test('a backfill is previewed, started, and goes to its end', async () => {
  const page = await served.open('/workflows/daily_report/backfills/new?from=2026-01-05&to=2026-01-11');
  await page.getByText('7 of 7 dates').waitFor();
  await page.getByLabel('Runs at once').fill('2');
  await page.getByText('2 runs at once').waitFor();
  expect(page.url()).toContain('atOnce=2');
  await page.getByRole('button', { name: /^Start 7 runs/ }).click();
  await page.waitForURL(/\/backfills$/);
  await page.getByText('7 of 7 done').waitFor();
  await page.getByText('Completed').waitFor();

  await page.goto(`${served.millrace.url}/workflows/daily_report/backfills/new?from=2026-01-05&to=2026-01-12`);
  await page.getByText('1 of 8 dates').waitFor();
  await page.getByText('Run all finished ones again').click();
  await page.getByText('8 of 8 dates').waitFor();
  expect(await page.locator('.cal .go').count()).toBe(8);
  await page.reload();
  await page.getByText('8 of 8 dates').waitFor();
  expect(complaintsOf(page)).toEqual([]);
});

test('why something does not run is said, and with the limit gone it runs', async () => {
  const { engine } = served.millrace;
  const { putPool, pause, unpause } = await import('../../src/engine/operations.ts');
  await engine.command((e) => putPool(e, { name: 'default_pool', slots: 0, description: '', includeDeferred: false }));
  const run = await served.millrace.trigger({ workflow: 'daily_report', conf: {} });
  const page = await served.open(`/workflows/daily_report/runs/${encodeURIComponent(run.runId)}`);
  await page.getByText('Pool default_pool has 0 of 0 slots free, it is the next.').waitFor();
  await page.getByText('Upstream extract is scheduled.').first().waitFor();
  await engine.command((e) =>
    putPool(e, { name: 'default_pool', slots: 128, description: '', includeDeferred: false }),
  );
  engine.wake();
  await page.locator('.hl .st.success').waitFor();

  await engine.command((e) => pause(e, 'daily_report'));
  const waiting = await served.millrace.trigger({ workflow: 'daily_report', conf: {} });
  await page.goto(`${served.millrace.url}/workflows/daily_report/runs/${encodeURIComponent(waiting.runId)}`);
  await page.getByText('daily_report is paused.').first().waitFor();
  await engine.command((e) => unpause(e, 'daily_report'));
  engine.wake();
  await page.locator('.hl .st.success').waitFor();
  expect(complaintsOf(page)).toEqual([]);
});

test('search finds workflows and tasks; keys go where they say', async () => {
  const page = await served.open('/');
  await page.locator('.wf').waitFor();
  await page.keyboard.press('Control+k');
  await dialog(page).getByRole('combobox').fill('process');
  await dialog(page)
    .getByRole('option', { name: /process_source/ })
    .waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/workflows\/mapped_sources\?task=process_source/);
  await page.keyboard.press('g');
  await page.keyboard.press('r');
  await page.waitForURL(/\/runs$/);
  await page.goBack();
  await page.waitForURL(/\/workflows\/mapped_sources/);
  await page.keyboard.press('?');
  await dialog(page).getByText('clear', { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'detached' });
  expect(complaintsOf(page)).toEqual([]);
});

test('a pause switch pauses, and the list says so', async () => {
  const page = await served.open('/workflows');
  const toggle = page.getByRole('switch', { name: 'daily_report is active' });
  await toggle.click();
  await page.locator('.chip', { hasText: 'Paused' }).getByText('1').waitFor();
  expect((await served.millrace.store.queries.workflow('daily_report'))?.paused).toBe(true);
  await toggle.click();
  await expect.poll(async () => (await served.millrace.store.queries.workflow('daily_report'))?.paused).toBe(false);
  expect(complaintsOf(page)).toEqual([]);
});

test('tabs of one browser share one stream, and the next takes over when the first closes', async () => {
  const first = await served.open('/workflows/daily_report/runs');
  await first.locator('.run-rows').waitFor();
  const streams: string[] = [];
  const tabs = [];
  for (let n = 0; n < 7; n += 1) {
    const tab = await first.context().newPage();
    tab.on('request', (request) => request.url().includes('/events/stream') && streams.push(`tab ${n}`));
    await tab.goto(`${served.millrace.url}/workflows/daily_report/runs`);
    await tab.locator('.run-rows').waitFor();
    await tab.locator('.pulse:not(.away)').waitFor();
    tabs.push(tab);
  }
  expect(streams).toEqual([]);
  await first.close();
  await expect.poll(() => streams).toEqual(['tab 0']);
  const run = await served.run('daily_report');
  for (const tab of tabs) await tab.locator('.run-rows').getByText(run.runId).waitFor();
});

test('a server that is away is said, and what was there stays', async () => {
  const page = await served.open('/workflows/daily_report');
  await page.locator('.grid').waitFor();
  await page.context().setOffline(true);
  await page.route('**/api/**', (route) => route.abort());
  await page.reload().catch(() => {});
  await page.context().setOffline(false);
  await page.goto(`${served.millrace.url}/workflows/daily_report`);
  await page.getByText(/^Not live since/).waitFor();
  await page
    .getByText(/Could not read/)
    .first()
    .waitFor();
  // The stream stays away: when it is back everything is read again by itself.
  await page.route('**/api/v2/events/stream**', (route) => route.abort());
  await page.unroute('**/api/**');
  await page.getByRole('button', { name: 'Try again' }).first().click();
  await page.locator('.grid').waitFor();
});
