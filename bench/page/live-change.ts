import type { Browser } from 'playwright-core';
import type { StaticPage } from '../floor/static-page.ts';
import { visit } from './visit.ts';

/** What the page calls when a state is on the screen, with the milliseconds since the epoch. */
const SAW = 'benchSaw';

const MOST_MS = 30_000;
/** How long the task is seen running. */
const WAITS_MS = 1_500;

export interface Change {
  /** From the moment that the engine notes for it to the frame that shows it. */
  readonly started: number;
  readonly ended: number;
}

/**
 * Runs of a DAG whose grid is open: how long it takes from the start of a task, and from its end, until its cell shows
 * it. Page and server have the same clock.
 */
export async function liveChanges(
  browser: Browser,
  {
    url,
    dagId,
    task,
    runs,
  }: { readonly url: string; readonly dagId: string; readonly task: string; readonly runs: number },
): Promise<readonly Change[]> {
  const { page } = await visit(browser, `${url}/workflows/${dagId}?runs=50`, ['table.grid tbody td.c button']);
  const seen = new Map<string, PromiseWithResolvers<number>>();
  await page.exposeFunction(SAW, (what: string, at: number) => seen.get(what)?.resolve(at));
  await page.evaluate(watching(task));
  const changes: Change[] = [];
  for (let n = 0; n < runs; n++) {
    const runId = `live_${Date.now()}`;
    const [running, success] = ['running', 'success'].map((state) => {
      const waiter = Promise.withResolvers<number>();
      seen.set(`${runId} ${state}`, waiter);
      return waiter.promise;
    }) as [Promise<number>, Promise<number>];
    await asked(`${url}/api/v2/dags/${dagId}/dagRuns`, {
      method: 'POST',
      body: JSON.stringify({ dag_run_id: runId, logical_date: null, conf: { waits: WAITS_MS } }),
    });
    const timeout = AbortSignal.timeout(MOST_MS);
    const late = new Promise<never>((_, reject) => timeout.addEventListener('abort', () => reject(timeout.reason)));
    const [sawRunning, sawSuccess] = await Promise.race([Promise.all([running, success]), late]);
    const instance = (await asked(`${url}/api/v2/dags/${dagId}/dagRuns/${runId}/taskInstances/${task}`)) as {
      readonly start_date: string;
      readonly end_date: string;
    };
    changes.push({
      started: sawRunning - Date.parse(instance.start_date),
      ended: sawSuccess - Date.parse(instance.end_date),
    });
    // The rest of the run, and what the page reads of it.
    await page.waitForTimeout(4_000);
  }
  await page.context().close();
  return changes;
}

/** How long the floor's page takes to show what its server tells it. */
export async function toldChange(browser: Browser, floor: StaticPage, times: number): Promise<readonly number[]> {
  const { page } = await visit(browser, floor.url, ['.cell']);
  const seen = new Map<string, (at: number) => void>();
  await page.exposeFunction(SAW, (what: string, at: number) => seen.get(what)?.(at));
  await page.evaluate(TOLD);
  const took: number[] = [];
  for (let n = 0; n < times; n++) {
    const saw = new Promise<number>((resolve) => seen.set(`told ${n}`, resolve));
    const at = Date.now();
    floor.tell(`told ${n}`);
    took.push((await saw) - at);
    await page.waitForTimeout(100);
  }
  await page.context().close();
  return took;
}

const AFTER_PAINT = (what: string) => `requestAnimationFrame(() => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => window.${SAW}(${what}, Date.now());
  port2.postMessage(null);
})`;

const TOLD = `new MutationObserver(() => {
  const text = document.getElementById('told').textContent;
  ${AFTER_PAINT('text')};
}).observe(document.getElementById('told'), { childList: true, characterData: true, subtree: true })`;

async function asked(url: string, init: RequestInit = {}): Promise<unknown> {
  const response = await fetch(url, { ...init, headers: { 'content-type': 'application/json' } });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** Says of each run of the grid the state of the task's cell, when it changes. Text: the browser's globals are not Node's. */
const watching = (task: string) => `(() => {
  const told = new Set();
  const look = () => {
    const columns = [...document.querySelectorAll('table.grid thead button[data-column]')];
    for (const head of columns.slice(-3)) {
      const run = /live_\\d+/.exec(head.title)?.[0];
      const cell = run && [...document.querySelectorAll('table.grid tbody button[data-column="' + head.dataset.column + '"]')]
        .find((button) => button.ariaLabel.startsWith(${JSON.stringify(`${task}, `)}));
      const state = cell && /running|success/.exec(cell.ariaLabel)?.[0];
      if (!state || told.has(run + ' ' + state)) continue;
      told.add(run + ' ' + state);
      ${AFTER_PAINT("run + ' ' + state")};
    }
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true, attributes: true });
})()`;
