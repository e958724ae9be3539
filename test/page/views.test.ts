import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { complaintsOf, expectAccessible, SIZES, THEMES, type Width } from './browser.ts';
import { Served } from './served.ts';

/** MILLRACE_SHOTS=1 writes what is seen into docs/screenshots. */
const SHOTS = process.env.MILLRACE_SHOTS
  ? fileURLToPath(new URL('../../docs/screenshots/', import.meta.url))
  : undefined;

let served: Served;
const runs: Record<string, string> = {};

beforeAll(async () => {
  served = await Served.start();
  if (SHOTS) await mkdir(SHOTS, { recursive: true });
});
afterAll(() => served.stop());

interface View {
  readonly name: string;
  readonly path: () => string;
  /** What is there when it is drawn. */
  readonly ready: string;
  readonly prepare?: (page: Page) => Promise<void>;
}

const runPath = (workflow: string) => `/workflows/${workflow}/runs/${encodeURIComponent(runs[workflow]!)}`;

const EMPTY: readonly View[] = [
  { name: 'home-empty', path: () => '/', ready: '.wf' },
  { name: 'runs-empty', path: () => '/runs?state=cancelled', ready: '.empty' },
  { name: 'dag-empty', path: () => '/workflows/mapped_sources', ready: '.empty' },
  { name: 'backfills-empty', path: () => '/workflows/daily_report/backfills', ready: '.empty' },
  { name: 'not-found', path: () => '/nothing/here', ready: '.empty' },
  { name: 'no-workflow', path: () => '/workflows/nothing', ready: '.empty' },
  { name: 'no-run', path: () => '/workflows/daily_report/runs/nothing', ready: '.empty' },
];

const SEEDED: readonly View[] = [
  { name: 'home', path: () => '/', ready: '.att li' },
  { name: 'workflows', path: () => '/workflows', ready: '.wf' },
  { name: 'runs', path: () => '/runs', ready: '.run-rows' },
  { name: 'dag', path: () => '/workflows/daily_report', ready: '.graph .node' },
  { name: 'dag-list', path: () => '/workflows/daily_report?view=list', ready: '.tree' },
  { name: 'dag-mapped', path: () => '/workflows/mapped_sources?task=process_source', ready: '.dock .mini' },
  { name: 'flow-runs', path: () => '/workflows/customer-pipeline', ready: '.run-rows' },
  { name: 'run', path: () => runPath('daily_report'), ready: '.log .l' },
  { name: 'run-failed', path: () => `${runPath('mapped_sources')}?unfolded=process_source`, ready: '.tl .ind' },
  { name: 'flow', path: () => runPath('customer-pipeline'), ready: '.log .l' },
  {
    name: 'backfill',
    path: () => '/workflows/daily_report/backfills/new?from=2026-01-01&to=2026-01-31&reprocess=failed',
    ready: '.cal .go',
  },
  { name: 'backfills', path: () => '/workflows/daily_report/backfills', ready: '.bf-table' },
  {
    name: 'trigger',
    path: () => '/workflows/daily_report',
    ready: '.grid',
    prepare: async (page) => {
      await page.keyboard.press('t');
      await page.locator('dialog[open]').getByLabel('table').waitFor();
    },
  },
  {
    name: 'clear',
    path: () => `${runPath('mapped_sources')}?act=clear`,
    ready: 'dialog[open] .mini',
  },
  {
    name: 'search',
    path: () => '/',
    ready: '.wf',
    prepare: async (page) => {
      await page.keyboard.press('Control+k');
      await page.locator('dialog[open] [role="combobox"]').fill('rep');
      await page.locator('dialog[open] [role="option"]', { hasText: 'daily_report' }).first().waitFor();
    },
  },
];

async function look({ name, path, ready, prepare }: View): Promise<void> {
  for (const theme of THEMES) {
    for (const width of Object.keys(SIZES).map(Number) as Width[]) {
      const page = await served.open(path(), { theme, width });
      await page.locator(ready).first().waitFor();
      await prepare?.(page);
      await expectAccessible(page);
      const isMissing = /^no/.test(name);
      const complaints = complaintsOf(page).filter((text) => !(isMissing && text.includes('404')));
      expect(complaints, `${name}, ${theme}, ${width}`).toEqual([]);
      if (SHOTS && width === 1440) await page.screenshot({ path: `${SHOTS}${name}-${theme}.png` });
    }
  }
}

describe('nothing has run yet', () => {
  for (const view of EMPTY) test(`${view.name} in both themes at three widths`, () => look(view));
});

describe('with history', () => {
  beforeAll(async () => {
    const { millrace } = served;
    const { createBackfill } = await import('../../src/engine/backfills.ts');
    const day = (n: number) => Date.UTC(2026, 0, n);
    const request = {
      workflow: 'daily_report',
      from: day(1),
      to: day(12),
      reverse: false,
      reprocess: 'none',
      triggeredBy: 'test',
    } as const;
    await millrace.engine.command((e) => createBackfill(e, request));
    millrace.engine.wake();
    await served.break('broken');
    await served.break('locked');
    for (const name of ['mapped_sources', 'customer-pipeline', 'daily_report']) {
      for (let n = 0; n < 2; n += 1)
        runs[name] = (await served.run(name, name === 'customer-pipeline' ? { date: '2026-03-10' } : {})).runId;
    }
    await vi.waitFor(
      async () => expect((await millrace.store.queries.backfill(1))?.completedAt).not.toBeNull(),
      60_000,
    );
  });

  for (const view of SEEDED) test(`${view.name} in both themes at three widths`, () => look(view));
});
