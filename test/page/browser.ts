import { readFile } from 'node:fs/promises';
import { extname, join, normalize, resolve } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';

export { launchBrowser } from './chromium.ts';

export const THEMES = ['light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** Wide, narrow, phone: width and height in pixels. */
export const SIZES = { 1440: 900, 1024: 768, 390: 844 } as const;
export type Width = keyof typeof SIZES;

export interface Look {
  readonly theme?: Theme;
  readonly width?: Width;
}

/** A page in a context of its own, with its console errors and failed requests kept: see `complaintsOf`. */
export async function newPage(browser: Browser, { theme = 'light', width = 1440 }: Look = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height: SIZES[width] },
    colorScheme: theme,
    timezoneId: 'UTC',
    locale: 'en-GB',
    hasTouch: width === 390,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  COMPLAINTS.set(page, complaints);
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return page;
}

const COMPLAINTS = new WeakMap<Page, string[]>();

/** What the page threw or wrote to the console as an error. */
export const complaintsOf = (page: Page): readonly string[] => COMPLAINTS.get(page) ?? [];

/** The moment of the mock-ups. */
export const MOCKUP_TIME = new Date('2026-03-10T06:38:22Z');

/** Where the fixtures are served from; nothing listens there. */
export const FIXTURE_ORIGIN = 'http://millrace.test';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** Paths below /api/v2, with what they answer: a body, or a status and a body. */
export type Fixtures = Readonly<Record<string, unknown>>;

/** What every view asks. */
const EVERYWHERE: Fixtures = { session: { name: null, role: null, signed_in: false } };

export interface FixturePages {
  /** The built page. Default: dist/web, or MILLRACE_WEB. */
  readonly built?: string;
  readonly fixtures: Fixtures;
}

/**
 * Serves the built page and fixed answers to this browser page, without a server: for how things look. A question
 * without a fixture is answered 404, and said among the complaints. The clock stands at the mock-ups' moment.
 */
export async function serveFixtures(
  page: Page,
  { built = process.env.MILLRACE_WEB ?? 'dist/web', fixtures }: FixturePages,
) {
  await page.clock.setFixedTime(MOCKUP_TIME);
  await page.route(`${FIXTURE_ORIGIN}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/api/v2/events/stream')
      return route.fulfill({ status: 200, contentType: 'text/event-stream', body: ': live\n\n' });
    if (pathname.startsWith('/api/v2/')) {
      const key = decodeURIComponent(pathname.slice('/api/v2/'.length));
      const found = fixtures[`${route.request().method()} ${key}`] ?? fixtures[key] ?? EVERYWHERE[key];
      if (found === undefined) return route.fulfill({ status: 404, json: { detail: `no fixture for ${key}` } });
      return route.fulfill({ status: 200, json: found });
    }
    const folder = resolve(built);
    const file = extname(pathname) === '' ? 'index.html' : normalize(pathname);
    const body = await readFile(join(folder, file)).catch(() => undefined);
    if (body === undefined) return route.fulfill({ status: 404, body: '' });
    return route.fulfill({
      body,
      contentType: TYPES[extname(file)] ?? 'application/octet-stream',
      headers: { 'content-security-policy': CSP },
    });
  });
}

/** No violation of WCAG 2.2 A and AA and best practices, and no sideways scrolling of the page. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  const found = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    where: nodes.slice(0, 5).map(({ target, failureSummary }) => `${target}: ${failureSummary}`),
  }));
  expect(found).toEqual([]);
  expect(await page.evaluate<readonly string[]>(WIDER), 'reaches out of the page sideways').toEqual([]);
}

/**
 * Elements that make the page wider than its window, where it is. Text, not a function: the browser's globals are not
 * those of the tests.
 */
const WIDER = `(() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const found = [...document.querySelectorAll('body *')].filter((element) => {
    const { right, width } = element.getBoundingClientRect();
    return width > 0 && right > clientWidth + 0.5 && !element.closest('.scroll, .log, .tabs, .filters');
  });
  return [scrollWidth + ' > ' + clientWidth, ...found.slice(0, 8).map((element) => element.tagName + '.' + element.getAttribute('class'))];
})()`;
