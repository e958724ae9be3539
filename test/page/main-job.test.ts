import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_LOGICAL_DATE } from '../../examples/customer-pipeline/world.ts';
import { runOf } from '../../examples/parts/follow-run.ts';
import { freePort } from '../../examples/parts/free-port.ts';
import { ExampleProcess } from '../e2e/example-process.ts';
import { complaintsOf, expectAccessible, launchBrowser, newPage } from './browser.ts';

const WORKFLOW = 'customer_data_pipeline';
const TASKS = ['extract_customers', 'score_customers', 'load_to_warehouse', 'notify_slack'];
const RUN = `/workflows/${WORKFLOW}/runs/${encodeURIComponent(runOf(WORKFLOW, DEFAULT_LOGICAL_DATE).runId)}`;

let home: string;
let browser: Browser;
let example: ExampleProcess;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'millrace-main-job-'));
  const port = await freePort();
  example = new ExampleProcess('customer-pipeline', { home, args: [], env: { MILLRACE_PORT: `${port}` } });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  example.killGroup();
  await example.ended;
  await rm(home, { recursive: true, force: true });
});

/** Keeps what is said about a task as it changes: `score_customers: Up for retry`. Text: it runs in the page. */
const REMEMBER = `(() => {
  window.seen = [];
  const look = () => {
    for (const row of document.querySelectorAll('.tl .row[data-task]')) {
      const words = ['.nf .st', '.trk .tx:not(.on)'].map((part) => row.querySelector(part)?.textContent);
      for (const word of words) {
        const said = row.dataset.task + ': ' + word;
        if (word && !window.seen.includes(said)) window.seen.push(said);
      }
    }
  };
  new MutationObserver(look).observe(document.body, { childList: true, characterData: true, subtree: true });
  look();
})()`;

const ROWS = `[...document.querySelectorAll('.tl .row[data-task]')].map((row) => row.dataset.task)`;

const seen = (page: Page) => page.evaluate<readonly string[]>('window.seen');
const stateOf = (page: Page, task: string) => page.locator(`.tl .row[data-task="${task}"] .nf .st`);

test('the run of 1998-07-01 is watched on the page from its start to its end', async () => {
  expect(await example.printed(/Watch it: \S+/), example.output).toBe(true);
  const url = /Watch it: (\S+)/.exec(example.output)![1]!;
  expect(await example.printed(/manual__1998-07-01\S* *: /), example.output).toBe(true);

  const page = await newPage(browser);
  await page.goto(`${url}${RUN}`);
  await page.locator('.tl .row[data-task="score_customers"]').waitFor();
  await page.evaluate(REMEMBER);
  expect(await page.evaluate(ROWS)).toEqual(TASKS);

  // The log of the task that runs, while it runs: the failure of its first attempt comes by itself.
  await page.locator('.tl').getByRole('link', { name: 'score_customers' }).click();
  const log = page.locator('.log');
  await log
    .getByText(/answered 503/)
    .first()
    .waitFor();
  // Its last word says how many batches of 500 there were: 23,570 customers.
  await log.getByText('progress: 48 done').waitFor();
  await page.locator('.hl .st.success').waitFor();

  // The page was there all the time.
  const said = await seen(page);
  expect(said).toContain('score_customers: Up for retry');
  expect(said).toContain('score_customers: Attempt 2 of 3');
  expect(said).toContain('load_to_warehouse: No state yet');
  // How many batches were done, while they were.
  expect(said.filter((each) => /^score_customers: \d+ done$/.test(each)).length).toBeGreaterThan(0);
  for (const task of TASKS) expect(await stateOf(page, task).textContent()).toBe('Success');
  expect(await page.locator('.tl .row[data-task="score_customers"] .trk .bad').count()).toBe(1);
  await expectAccessible(page);

  // What the other views say of it.
  await page.goto(`${url}/workflows/${WORKFLOW}`);
  await page.locator('.grid').waitFor();
  await page
    .getByRole('gridcell', { name: /score_customers.*success/i })
    .first()
    .waitFor();
  await expectAccessible(page);
  await page.goto(url);
  await page.locator('.wf').waitFor();
  await expectAccessible(page);
  expect(complaintsOf(page)).toEqual([]);

  example.interrupt();
  expect(await example.ended).toMatchObject({ code: 0, signal: null });
}, 60_000);
