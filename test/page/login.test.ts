import { afterAll, beforeAll, expect, test } from 'vitest';
import { hashOf, newToken } from '../../src/api/auth-secret.ts';
import { expectAccessible, THEMES } from './browser.ts';
import { Served } from './served.ts';

let served: Served;
let token: string;
beforeAll(async () => {
  served = await Served.start();
  token = newToken();
  const row = { name: 'ann', role: 'user', hash: hashOf(token), createdAt: Date.parse('2026-01-01') } as const;
  await served.millrace.store.transaction(({ access }) => access.addToken(row));
});
afterAll(() => served.stop());

test('who has no session signs in with a token, is where they wanted to be, can act, and signs out', async () => {
  const page = await served.open('/workflows/daily_report?view=list');
  await page.waitForURL('**/login?next=**');
  await page.getByLabel('Token').fill('mr_wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/workflows/daily_report?view=list');
  await page.locator('.tree').waitFor();

  const cookies = await page.context().cookies();
  expect(cookies).toMatchObject([{ name: 'millrace_session', httpOnly: true, sameSite: 'Strict', path: '/' }]);
  const changed = await page.evaluate(async () => {
    const body = JSON.stringify({ is_paused: true });
    const headers = { 'content-type': 'application/json' };
    return (await fetch('/api/v2/dags/daily_report', { method: 'PATCH', body, headers })).status;
  });
  expect(changed).toBe(200);

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL('**/login');
  await page.goto(`${served.millrace.url}/`);
  await page.waitForURL('**/login?next=**');
});

test.each(THEMES)('what one signs in with is accessible: %s', async (theme) => {
  const page = await served.open('/login?next=/runs', { theme });
  await page.getByLabel('Token').waitFor();
  await expectAccessible(page);
});
