import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../test/page/chromium.ts';
import { type StaticPage, staticPage } from '../floor/static-page.ts';
import { type Made, makeHistory } from '../history/history.ts';
import { historyServer } from '../own-process.ts';
import { liveChanges, toldChange } from '../page/live-change.ts';
import { type Visit, visit } from '../page/visit.ts';
import { atMost, type Measurement, type Row } from '../row.ts';
import { median } from '../samples.ts';
import { scratchFolder } from '../scratch.ts';

const VISITS = 9;
const RUNS = 9;
/** A DAG whose graph is drawn: what draws it is the largest part of the page. */
const DRAWN = 'billing_0';

interface Opened {
  readonly name: string;
  readonly path: string;
  /** What must be on the screen: all of it. */
  readonly selectors: readonly string[];
  readonly note: string;
}

const pages = ({ mappedRun }: Made): readonly Opened[] => [
  {
    name: 'grid_first_paint_ms',
    path: '/workflows/wide?runs=50',
    selectors: ['table.grid tbody td.c button'],
    note: 'a DAG of 1,000 tasks by 50 runs: from the address to its cells',
  },
  {
    name: 'home_first_paint_ms',
    path: '/',
    selectors: ['.att li, .all-well', '.ribbon .bins', '.wf tbody tr'],
    note: 'home of 200 workflows: what is wrong, the day, the list',
  },
  {
    name: 'mapped_first_paint_ms',
    path: `/workflows/mapped/runs/${encodeURIComponent(mappedRun)}?unfolded=source`,
    selectors: ['.tl .row.ind'],
    note: 'a run with a map of 10,000, unfolded',
  },
];

/**
 * The page in Chromium, in a context of its own each time and nothing cached, on a home with 1,000,000 task instances.
 * The floor reads the same answers and draws as many elements (floor/static-page.ts).
 */
export const row: Row = async () => {
  const folder = await scratchFolder();
  const home = join(folder.path, '.millrace');
  const made = await makeHistory(home);
  const server = await historyServer(home);
  const browser = await launchBrowser();
  try {
    const url = server.url!;
    const measured: Measurement[] = [];
    const kilobytes: number[] = [(await opened(browser, `${url}/workflows/${DRAWN}`, ['svg.graph'])).kilobytes];
    for (const page of pages(made)) {
      const { paint, bytes } = await painted(browser, url, page);
      measured.push(paint);
      kilobytes.push(bytes);
    }
    measured.push({
      name: 'page_bytes_kb',
      value: Math.max(...kilobytes),
      unit: 'kB',
      floor: null,
      goal: atMost(1_000),
      note: `over the wire, all answers included: the most of home, the grid, the run and a DAG with its graph`,
    });
    measured.push(await live(browser, url));
    return measured;
  } finally {
    await browser.close();
    await server.stop();
    await folder.remove();
  }
};

async function opened(browser: Browser, url: string, selectors: readonly string[]): Promise<Visit> {
  const visited = await visit(browser, url, selectors);
  await visited.page.context().close();
  return visited;
}

/** Product and floor in turns. */
async function painted(
  browser: Browser,
  url: string,
  { name, path, selectors, note }: Opened,
): Promise<{ readonly paint: Measurement; readonly bytes: number }> {
  const first = await opened(browser, url + path, selectors);
  const floor = await staticPage(first.answers, first.elements);
  await opened(browser, floor.url, ['.cell']);
  const product: number[] = [];
  const thin: number[] = [];
  for (let n = 0; n < VISITS; n++) {
    product.push((await opened(browser, url + path, selectors)).ms);
    thin.push((await opened(browser, floor.url, ['.cell'])).ms);
  }
  await floor.close();
  const paint: Measurement = {
    name,
    value: median(product),
    unit: 'ms',
    floor: median(thin),
    goal: atMost(1_000),
    note: `${note}; median of ${VISITS}, the very first ${Math.round(first.ms)} ms`,
  };
  return { paint, bytes: first.kilobytes };
}

async function live(browser: Browser, url: string): Promise<Measurement> {
  const changes = await liveChanges(browser, { url, dagId: 'wide', task: 'first', runs: RUNS });
  const floor: StaticPage = await staticPage([], 3);
  const told = await toldChange(browser, floor, 2 * RUNS);
  await floor.close();
  return {
    name: 'live_change_ms',
    value: median(changes.flatMap(({ started, ended }) => [started, ended])),
    unit: 'ms',
    floor: median(told),
    goal: atMost(200),
    note: `a task starts or ends, until its cell in the grid of 1,000 by 50 shows it; median of ${2 * RUNS}`,
  };
}
