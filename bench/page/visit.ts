import type { Browser, Page, Request } from 'playwright-core';

export interface Visit {
  /** From the navigation to the frame in which everything asked for was first on the screen. */
  readonly ms: number;
  /** As it came over the wire: answers with their headers, the stream of events aside. */
  readonly kilobytes: number;
  /** Elements in the document when it was painted. */
  readonly elements: number;
  /** What the API had answered until then. */
  readonly answers: readonly string[];
  readonly page: Page;
}

/** What the page calls when it was painted, with the milliseconds since the navigation and its elements. */
const PAINTED = 'benchPainted';

const MOST_MS = 60_000;

/**
 * Watches for the first moment at which the document has something for each selector, and notes the time when the frame
 * in which it is drawn has been handed over. Text, not a function: the browser's globals are not Node's.
 */
const watching = (selectors: readonly string[]) => `
  new MutationObserver((_, observer) => {
    if (!${JSON.stringify(selectors)}.every((selector) => document.querySelector(selector))) return;
    observer.disconnect();
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => window.${PAINTED}(performance.now(), document.querySelectorAll('*').length);
      port2.postMessage(null);
    });
  }).observe(document, { childList: true, subtree: true });`;

/** Opens an address in a context of its own, with nothing kept from before; the caller closes the page's context. */
export async function visit(browser: Browser, url: string, selectors: readonly string[]): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const { promise: painted, resolve, reject } = Promise.withResolvers<{ ms: number; elements: number }>();
  await page.exposeFunction(PAINTED, (ms: number, elements: number) => resolve({ ms, elements }));
  await page.addInitScript(watching(selectors));
  const network = await context.newCDPSession(page);
  await network.send('Network.enable');
  await network.send('Network.setCacheDisabled', { cacheDisabled: true });
  const requests: Request[] = [];
  context.on('requestfinished', (request) => requests.push(request));
  await page.goto(url, { waitUntil: 'commit' });
  const timeout = setTimeout(() => reject(new Error(`${url} was not painted within ${MOST_MS / 1000} s`)), MOST_MS);
  const { ms, elements } = await painted.finally(() => clearTimeout(timeout));
  const early = requests.filter((request) => request.url().includes('/api/'));
  await settled(page);
  const sizes = await Promise.all(requests.map(bytesOf));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const answers = await Promise.all(early.map(async (request) => (await request.response())!.text()));
  return { ms, kilobytes: bytes / 1000, elements, answers, page };
}

async function bytesOf(request: Request): Promise<number> {
  const [{ responseBodySize: body, responseHeadersSize: head }, response] = await Promise.all([
    request.sizes(),
    request.response(),
  ]);
  // The browser does not tell how much the script of a worker was; the server does.
  return head + (body || Number(response?.headers()['content-length'] ?? 0));
}

/** What comes behind the first paint counts into the bytes: until a second has passed in which nothing was asked for. */
async function settled(page: Page): Promise<void> {
  let last = Date.now();
  const asked = () => {
    last = Date.now();
  };
  page.on('request', asked);
  page.on('requestfinished', asked);
  while (Date.now() - last < 1_000) await page.waitForTimeout(100);
  page.off('request', asked);
  page.off('requestfinished', asked);
}
