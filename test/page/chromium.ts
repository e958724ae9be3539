import chromium from '@sparticuz/chromium';
import { type Browser, chromium as playwright } from 'playwright-core';

/** A browser in one process dies with the first page that is closed. */
const UNWANTED = new Set(['--single-process', '--no-zygote']);

/** The real browser, from npm alone; the caller closes it. */
export async function launchBrowser(): Promise<Browser> {
  const args = chromium.args.filter((arg) => !UNWANTED.has(arg));
  return await playwright.launch({ executablePath: await chromium.executablePath(), args, headless: true });
}
