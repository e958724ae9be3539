import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { type Millrace, startMillrace } from '../../src/cli/server/index.ts';
import { type Look, launchBrowser, newPage } from './browser.ts';

const PIPELINES = fileURLToPath(new URL('./pipelines/', import.meta.url));

/** A real server with the pipelines of these tests, and a real browser. */
export class Served {
  readonly millrace: Millrace;
  readonly browser: Browser;
  readonly #folder: string;

  private constructor(millrace: Millrace, browser: Browser, folder: string) {
    this.millrace = millrace;
    this.browser = browser;
    this.#folder = folder;
  }

  static async start(): Promise<Served> {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-page-'));
    process.env.PAGE_TEST_FOLDER = folder;
    const [millrace, browser] = await Promise.all([
      startMillrace({ home: join(folder, '.millrace'), files: [PIPELINES], http: { port: 0 } }),
      launchBrowser(),
    ]);
    return new Served(millrace, browser, folder);
  }

  /** Makes the pipelines fail that look for a file of this name. */
  break(name: string): Promise<void> {
    return writeFile(join(this.#folder, name), '');
  }

  mend(name: string): Promise<void> {
    return rm(join(this.#folder, name), { force: true });
  }

  /** A run that has ended. */
  async run(workflow: string, conf: Readonly<Record<string, unknown>> = {}) {
    return await this.millrace.waitForRun(await this.millrace.trigger({ workflow, conf }));
  }

  async open(path: string, look?: Look): Promise<Page> {
    await this.closePages();
    const page = await newPage(this.browser, look);
    await page.goto(`${this.millrace.url}${path}`);
    return page;
  }

  /** Each page keeps a connection for what is live. */
  async closePages(): Promise<void> {
    for (const context of this.browser.contexts()) await context.close();
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.millrace.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
