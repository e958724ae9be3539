import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { complaintsOf, expectAccessible } from './browser.ts';
import { Served } from './served.ts';

let served: Served;

beforeAll(async () => {
  served = await Served.start();
});
afterAll(() => served.stop());

const dialog = (page: Page) => page.locator('dialog[open]');
const runPath = (workflow: string, runId: string) => `/workflows/${workflow}/runs/${encodeURIComponent(runId)}`;

test('a connection that is missing is added where its error is shown, and the task runs again', async () => {
  const run = await served.run('crm_import');
  expect(run.state).toBe('failed');
  const page = await served.open(runPath('crm_import', run.runId));
  const say = page.locator('.say.failed');
  await say.getByText("missing_connection: there is no connection 'crm_api'").waitFor();
  expect(await say.textContent()).toContain('millrace connections add crm_api');
  // The frames of Millrace itself are left out, and the file is named as the project names it.
  await page.locator('.log mark').first().waitFor();
  expect(await page.locator('.log mark').allTextContents()).toEqual([expect.stringMatching(/^[^/].*on-call\.ts:\d+/)]);

  await page.getByRole('button', { name: 'Add connection crm_api' }).click();
  const form = dialog(page);
  await expectAccessible(page);
  expect(await form.getByRole('button', { name: 'Add it' }).isDisabled()).toBe(true);
  await form.getByLabel('Type').fill('http');
  await form.getByLabel('Host').fill('crm.example');
  await form.getByLabel('Port').fill('x');
  expect(await form.getByRole('button', { name: 'Add it' }).isDisabled()).toBe(true);
  await form.getByLabel('Port').fill('8443');
  await form.getByLabel('Password').fill('s3cret');
  await form.getByRole('button', { name: 'Add it' }).click();
  await form.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Re-run 1 failed' }).click();
  await dialog(page).getByRole('button', { name: 'Clear 1' }).click();
  await page.locator('.hl .st.success').waitFor();
  await page.locator('.log').getByText('a password of 6 letters').waitFor();
  expect(complaintsOf(page)).toEqual([]);
});

test('a pool that nobody has made is said at home, made where it is missed, and the tasks run', async () => {
  const { runId } = await served.millrace.trigger({ workflow: 'warehouse_sync', conf: {} });
  const page = await served.open('/');
  const item = page.locator('.att li').filter({ hasText: 'there is no such pool' });
  await item.getByText('warehouse').waitFor();
  expect(await item.textContent()).toContain('2 task instances wait');
  await item.getByRole('link', { name: 'Why' }).click();
  await page.waitForURL(new RegExp(encodeURIComponent(runId).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  await page.getByText('There is no pool warehouse.').waitFor();
  await page.getByRole('button', { name: 'Make it' }).click();
  await dialog(page).getByRole('heading', { name: 'Make pool warehouse' }).waitFor();
  await expectAccessible(page);
  await dialog(page).getByRole('textbox', { name: 'Slots' }).fill('0');
  await dialog(page).getByRole('button', { name: 'Make it' }).click();
  // One of no slots holds as well as none; it is raised in the same place.
  await page.getByText('Pool warehouse has 0 of 0 slots free').waitFor();
  await page.getByRole('button', { name: 'Raise to 1' }).click();
  await dialog(page).getByText('It has 0 slots').waitFor();
  await dialog(page).getByRole('textbox', { name: 'Slots' }).fill('2');
  await dialog(page).getByRole('button', { name: 'Set slots' }).click();
  await page.locator('.hl .st.success').waitFor();
  expect((await served.millrace.store.readings.pools()).find(({ name }) => name === 'warehouse')?.slots).toBe(2);
  expect(complaintsOf(page)).toEqual([]);
});

test('a mapped task that failed shows the log of an instance that did', async () => {
  await served.break('broken');
  const run = await served.run('mapped_sources');
  await served.mend('broken');
  const page = await served.open(runPath('mapped_sources', run.runId));
  await page.getByRole('heading', { name: 'Log of process_source[1]' }).waitFor();
  await page.locator('.log').getByText('connect ECONNREFUSED').first().waitFor();
  await page.getByText('2 failed, 4 success').waitFor();
  // One that succeeded is chosen.
  await page.getByRole('button', { name: 'Instances of process_source' }).click();
  await page.getByRole('link', { name: 'process_source[0]' }).click();
  await page.locator('.log').getByText('batch 5 of 5 of shop').waitFor();
  await page.getByText('Output', { exact: true }).click();
  await page.getByRole('region', { name: 'Value' }).getByText('4', { exact: true }).waitFor();
  await expectAccessible(page);
  // A task that did not run says so.
  await page.locator('.tl').getByRole('link', { name: 'summarize_results' }).click();
  await page.locator('.log-none', { hasText: 'summarize_results did not run.' }).waitFor();
  // A task that is in no row, as the address of another version may name it: what went wrong is shown instead.
  await page.goto(`${served.millrace.url}${runPath('mapped_sources', run.runId)}?task=long_gone`);
  await page.getByRole('heading', { name: 'Log of process_source[1]' }).waitFor();
  expect(complaintsOf(page)).toEqual([]);
});

test('a log is followed while it is written, until one scrolls up', async () => {
  const { runId } = await served.millrace.trigger({ workflow: 'chatting', conf: {} });
  const page = await served.open(runPath('chatting', runId));
  const log = page.locator('.log');
  const last = async () => Number(/(\d+)$/.exec((await log.locator('.l').last().textContent()) ?? '')?.[1]);
  await page.locator('.log-foot').getByText('Following', { exact: true }).waitFor();
  await expect.poll(last).toBeGreaterThan(91);
  const before = await last();
  await expect.poll(last).toBeGreaterThan(before);
  await page
    .getByText(/^\d+ of 900$/)
    .first()
    .waitFor();

  await log.hover();
  await page.mouse.wheel(0, -600);
  await page.getByText('Not following').waitFor();
  // It stays where it is, and says what has come.
  const seen = await log.locator('.l').first().textContent();
  await page.getByRole('button', { name: /^\d+ new lines?$/ }).waitFor();
  expect(await log.locator('.l').first().textContent()).toBe(seen);
  await page.getByRole('button', { name: 'Follow the end' }).click();
  await page.locator('.log-foot').getByText('Following', { exact: true }).waitFor();
  const behind = await last();
  await expect.poll(last).toBeGreaterThan(behind);
  await served.break('quiet');
  await page.locator('.hl .st.success').waitFor();
  await log.getByText(/^progress: \d+ of 900$/).waitFor();
  await page.locator('.log-foot').getByText('Following', { exact: true }).waitFor({ state: 'detached' });
  expect(complaintsOf(page)).toEqual([]);
});
