import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { complaintsOf, FIXTURE_ORIGIN, launchBrowser, newPage, serveFixtures } from './browser.ts';
import { HOME_FIXTURES } from './fixtures/home.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** The mock-up's moment: what is computed from the clock is what the mock-up says. */
test('home says times, durations and expectations as the mock-up does', async () => {
  const page = await newPage(browser);
  await serveFixtures(page, { fixtures: HOME_FIXTURES });
  await page.goto(`${FIXTURE_ORIGIN}/`);
  await page.locator('.wf').waitFor();
  const text = async (selector: string) =>
    ((await page.locator(selector).first().textContent()) ?? '').replace(/\s+/g, ' ').trim();
  expect(await text('h1')).toBe('6 need attention');
  expect(await text('.att li:nth-child(1) .when')).toBe('23 min ago06:15 UTC');
  expect(await text('.att li:nth-child(3) .st')).toBe('Failed 2 of 50');
  expect(await text('.att li:nth-child(3) .why')).toBe(
    'connection refused 10.4.2.17:5432 for shopify_eu and netsuite_legacy. 47 done, 1 running; summarize_results will not run.',
  );
  expect(await page.locator('.att .b.pri').count()).toBe(1);
  expect(await page.locator('.now').first().getAttribute('data-t')).toBe('now 06:38');
  expect(await page.locator('.bins > i').count()).toBe(96);
  const row = page.locator('.wf tbody tr').first();
  expect(((await row.textContent()) ?? '').replace(/\s+/g, ' ')).toContain('38 m 22 susually 16 min');
  expect(await row.locator('.exp.ov').count()).toBe(1);
  expect(await row.locator('svg.runs').getAttribute('aria-label')).toBe(
    'customer_data_pipeline, last 18 runs, newest last: 2 failed, latest running',
  );
  expect(((await row.locator('td').nth(5).textContent()) ?? '').replace(/\s+/g, ' ')).toBe('Wed 06:00 in 23 h 21 min');
  expect(complaintsOf(page)).toEqual([]);
});
