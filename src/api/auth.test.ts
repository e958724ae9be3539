import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiWorld, filled } from '../../test/api-world.ts';
import { listen } from '../cli/server/http.ts';
import { createApi } from './api.ts';
import { ownPath } from './auth-login.ts';

let world: ApiWorld;
beforeEach(async () => {
  world = await ApiWorld.start();
});
afterEach(() => world.end());

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const login = (token: string, more: object = {}) =>
  world.ask('POST', '/login', {
    payload: new URLSearchParams({ token, ...more }).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
const cookieOf = (answer: Awaited<ReturnType<typeof login>>) => String(answer.headers['set-cookie']).split(';')[0]!;

/** For anybody, and who only reads although it is a POST. */
const OPEN = ['GET /api/v2/version', 'GET /api/v2/monitor/health'];
const READS = [
  'POST /api/v2/backfills/preview',
  'POST /api/v2/backfills/dry_run',
  'POST /api/v2/dags/{dag_id}/dagRuns/list',
  'POST /api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/list',
];
/** Who gives access. */
const ADMINS = /\/tokens/;
/** Who may change them; what variables and connections are is also told to nobody else. */
const OPS = /\/(pools|variables|connections)/;

function routes(): { readonly method: 'GET'; readonly path: string; readonly name: string }[] {
  return Object.entries((world.api.swagger().paths ?? {}) as Record<string, object>).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => {
      const upper = method.toUpperCase() as 'GET';
      return { method: upper, path, name: `${upper} ${path}` };
    }),
  );
}

describe('with a token', () => {
  it('nobody comes in without one, on any route, or with one that is not known', async () => {
    expect((await world.get('/dags')).status).toBe(200);
    const token = await world.token('ann', 'admin');
    for (const { method, path, name } of routes()) {
      const url = filled(path);
      const expected = OPEN.includes(name) ? 200 : 401;
      expect([name, (await world.ask(method, url)).status]).toEqual([name, expected]);
      if (expected === 200) continue;
      for (const given of ['Bearer', 'Bearer ', 'Basic YTpi', `Basic ${token}`, 'nothing', token]) {
        const { status } = await world.ask(method, url, { headers: { authorization: given } });
        expect([name, given, status]).toEqual([name, given, 401]);
      }
      for (const given of ['nothing', `${token}x`, token.toUpperCase(), token.slice(0, -1), 'null']) {
        expect([name, given, (await world.ask(method, url, bearer(given))).status]).toEqual([name, given, 403]);
      }
    }
    expect((await world.ask('GET', '/api/v2/dags', bearer(token))).status).toBe(200);
  });

  it('lets a viewer read everything and change nothing; a user run things; an op change what they run with', async () => {
    await world.history();
    const [viewer, user] = [await world.token('v', 'viewer'), await world.token('u', 'user')];
    const before = await world.store.queries.lastEvent();
    for (const { method, path, name } of routes()) {
      if (path.endsWith('/stream')) continue;
      const { status } = await world.ask(method, filled(path), bearer(viewer));
      const isOpen = (!OPS.test(path) || path.includes('/pools')) && !ADMINS.test(path);
      const mayRead = (method === 'GET' || READS.includes(name)) && isOpen && !path.includes('/config');
      if (mayRead) expect([name, status === 401 || status === 403]).toEqual([name, false]);
      else expect([name, status]).toEqual([name, 403]);
      if (method !== 'GET' && OPS.test(path)) {
        expect([name, (await world.ask(method, filled(path), bearer(user))).status]).toEqual([name, 403]);
      }
    }
    const op = await world.token('o', 'op');
    for (const { method, path, name } of routes().filter((each) => ADMINS.test(each.path))) {
      expect([name, (await world.ask(method, filled(path), bearer(op))).status]).toEqual([name, 403]);
    }
    expect(await world.store.queries.lastEvent()).toBe(before);
    const pausing = { payload: { is_paused: true } };
    expect((await world.ask('PATCH', '/api/v2/dags/d', { ...bearer(user), ...pausing })).status).toBe(200);
  });

  it('decides by the route that is found, not by the text of the address', async () => {
    await world.token('ann', 'admin');
    for (const path of ['/api/v2/dags/xhealth', '/api/v2/dags/version/details', '/api/v2/dags?x=/version']) {
      expect([path, (await world.ask('GET', path)).status]).toEqual([path, 401]);
    }
    for (const path of [
      '//api/v2/dags',
      '/API/v2/dags',
      '/api/v2/dags/',
      '/api/v2/./dags',
      '/api/v2/%64ags',
      '/api/v2/version/../dags',
      '/api/v2/dags;a=b',
    ]) {
      const { status } = await world.ask('GET', path);
      expect([path, [401, 404].includes(status)]).toEqual([path, true]);
    }
    const headers = {
      'x-http-method-override': 'GET',
      'x-original-url': '/api/v2/version',
      'x-rewrite-url': '/api/v2/version',
    };
    expect((await world.ask('GET', '/api/v2/dags', { headers })).status).toBe(401);
  });

  it('an admin gives access and takes it; what was given is shown once', async () => {
    const admin = bearer(await world.token('root', 'admin'));
    const create = (payload: object) => world.ask('POST', '/api/v2/tokens', { ...admin, payload });
    const { status, body } = await create({ name: 'bot', role: 'viewer' });
    expect([status, body]).toEqual([201, expect.objectContaining({ name: 'bot', role: 'viewer' })]);
    expect((await world.ask('GET', '/api/v2/dags', bearer(body.token))).status).toBe(200);
    expect((await create({ name: 'bot' })).status).toBe(409);
    expect((await create({ name: 'cli' })).status).toBe(400);
    expect((await create({ name: 'x', role: 'king' })).status).toBe(422);
    expect((await create({ name: 'x', hash: 'mine' })).status).toBe(422);
    const listed = await world.ask('GET', '/api/v2/tokens', admin);
    expect(listed.body.tokens.map(({ name }: { name: string }) => name)).toEqual(['bot', 'root']);
    expect(JSON.stringify(listed.body)).not.toMatch(/mr_|hash/);
    expect((await world.ask('DELETE', '/api/v2/tokens/bot', admin)).status).toBe(204);
    expect((await world.ask('DELETE', '/api/v2/tokens/bot', admin)).status).toBe(404);
    expect((await world.ask('GET', '/api/v2/dags', bearer(body.token))).status).toBe(403);
  });

  it('a revoked one is of no use any more, nor are its sessions', async () => {
    const token = await world.token('ann', 'user');
    await world.token('other', 'user');
    const cookie = cookieOf(await login(token));
    expect((await world.ask('GET', '/api/v2/dags', { headers: { cookie } })).status).toBe(200);
    await world.store.transaction(({ access }) => access.revokeToken('ann'));
    expect((await world.ask('GET', '/api/v2/dags', { headers: { cookie } })).status).toBe(401);
    expect((await world.ask('GET', '/api/v2/dags', bearer(token))).status).toBe(403);
  });
});

it('a stream ends when its token is revoked', async () => {
  const token = await world.token('ann', 'viewer');
  const url = await world.api.listen({ host: '127.0.0.1', port: 0 });
  expect((await fetch(`${url}/api/v2/events/stream`)).status).toBe(401);
  const answer = await fetch(`${url}/api/v2/events/stream`, bearer(token));
  const reader = answer.body!.getReader();
  expect((await reader.read()).done).toBe(false);
  await world.store.transaction(({ access }) => access.revokeToken('ann'));
  const ended = (async () => {
    while (!(await reader.read()).done);
  })().catch(() => {});
  await world.engine.clock.advance(1_000);
  await ended;
});

describe('in a browser', () => {
  it('a token gives a session in a cookie that no script reads and no other site sends', async () => {
    const token = await world.token('ann', 'user');
    const answer = await login(token, { next: '/runs' });
    expect([answer.status, answer.headers.location]).toEqual([303, '/runs']);
    const cookie = String(answer.headers['set-cookie']);
    expect(cookie).toMatch(/^millrace_session=ms_[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/);
    expect(cookie).not.toContain(token);
    // What the browser had before counts for nothing.
    const planted = await world.ask('POST', '/login', {
      payload: new URLSearchParams({ token }).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', cookie: 'millrace_session=planted' },
    });
    expect(cookieOf(planted)).not.toContain('planted');
    expect(cookieOf(planted)).not.toBe(cookieOf(answer));
  });

  it('says who it is that asks, and how', async () => {
    expect((await world.get('/session')).body).toEqual({ name: null, role: null, signed_in: false });
    const token = await world.token('ann', 'op');
    const cookie = cookieOf(await login(token));
    const who = async (headers: Record<string, string>) =>
      (await world.ask('GET', '/api/v2/session', { headers })).body;
    expect(await who({ cookie })).toEqual({ name: 'ann', role: 'op', signed_in: true });
    expect(await who(bearer(token).headers)).toEqual({ name: 'ann', role: 'op', signed_in: false });
    expect(await who({ ...bearer('nothing').headers, cookie })).not.toHaveProperty('name');
  });

  it('a session ends at its end, and when it is signed out', async () => {
    const token = await world.token('ann', 'user');
    const cookie = cookieOf(await login(token));
    const another = cookieOf(await login(token));
    const status = async (of: string) => (await world.ask('GET', '/api/v2/dags', { headers: { cookie: of } })).status;
    expect([await status(cookie), await status(another)]).toEqual([200, 200]);
    expect((await world.ask('POST', '/logout', { headers: { cookie } })).status).toBe(303);
    expect([await status(cookie), await status(another)]).toEqual([401, 200]);
    await world.engine.clock.advance(12 * 3_600_000);
    expect(await status(another)).toBe(401);
    // Its value is no token.
    expect((await world.ask('GET', '/api/v2/dags', bearer(another.split('=')[1]!))).status).toBe(403);
  });

  it('changes something only where the page itself asks', async () => {
    await world.history();
    const cookie = cookieOf(await login(await world.token('ann', 'user')));
    const pause = async (headers: object) =>
      (
        await world.ask('PATCH', '/api/v2/dags/d', {
          payload: { is_paused: true },
          headers: { cookie, ...headers } as never,
        })
      ).status;
    for (const headers of [
      {},
      { origin: 'null' },
      { origin: 'http://evil.example' },
      { origin: 'http://localhost:81' },
      { origin: 'http://localhost', 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'none' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'null', 'sec-fetch-site': 'same-origin' },
    ]) {
      expect([headers, await pause(headers)]).toEqual([headers, 403]);
    }
    expect(await pause({ origin: 'http://localhost', 'sec-fetch-site': 'same-origin' })).toBe(200);
    expect(await pause({ 'sec-fetch-site': 'same-origin' })).toBe(200);
    // A form of another site cannot sign somebody in as somebody else either.
    const headers = { origin: 'http://evil.example', 'content-type': 'application/x-www-form-urlencoded' };
    expect((await world.ask('POST', '/login', { payload: 'token=x', headers })).status).toBe(403);
    expect(
      (await world.ask('GET', '/api/v2/dags', { headers: { origin: 'http://evil.example', cookie } })).headers,
    ).not.toHaveProperty('access-control-allow-origin');
  });

  it('a wrong token gives no session, and too many wrong ones are not heard', async () => {
    const token = await world.token('ann', 'user');
    for (let n = 0; n < 100; n++) {
      const { status, headers } = await login(`wrong ${n}`);
      expect([status, headers['set-cookie']]).toEqual([403, undefined]);
    }
    expect((await login(token)).status).toBe(429);
    await world.engine.clock.advance(60_000);
    expect((await login(token)).status).toBe(303);
  });

  it.each([
    '//evil',
    'https:evil',
    '/\\evil',
    'javascript:alert(1)',
    'http://evil',
    '/login',
    '/login?next=/x',
    '',
    '/a\nb',
    '\\evil',
    '/\t/evil',
    '/%0d%0a',
  ])('goes on to a path of its own: %j', (next) => {
    expect(ownPath(next)).toMatch(/^\/(%0d%0a)?$/);
  });

  it('goes on to where somebody wanted to be, and writes it as text', async () => {
    expect(ownPath('/workflows/a?view=grid&x=1')).toBe('/workflows/a?view=grid&x=1');
    const { body } = await world.ask('GET', `/login?next=${encodeURIComponent('/a?"><script>')}`);
    expect(body).not.toContain('<script>');
  });
});

describe('where others reach the server', () => {
  it('asks under any name, and goes on asking when the last token is revoked', async () => {
    const parts = { store: world.store, clock: world.engine.clock, version: '1' } as never;
    const api = createApi(parts, { reachedBy: 'others', auth: 'token' });
    await api.ready();
    const ask = (headers: Record<string, string>) =>
      api.inject({ method: 'GET', url: '/api/v2/dags', headers: { host: 'millrace.example', ...headers } });
    const token = await world.token('ann', 'user');
    expect((await ask({})).statusCode).toBe(401);
    expect((await ask({ authorization: `Bearer ${token}` })).statusCode).toBe(200);
    await world.store.transaction(({ access }) => access.revokeToken('ann'));
    expect((await ask({})).statusCode).toBe(401);
    await api.close();
  });

  it('listens only where there is a token or everybody is asked for one', async () => {
    const parts = { store: world.store, clock: world.engine.clock } as never;
    await expect(listen({ host: '0.0.0.0', port: 0 }, parts)).rejects.toMatchObject({ code: 'invalid_argument' });
    await (await listen({ host: '0.0.0.0', port: 0, auth: 'token' }, parts)).close();
    await world.token('ann', 'user');
    const server = await listen({ host: '0.0.0.0', port: 0 }, parts);
    expect((await fetch(`${server.url.replace('0.0.0.0', '127.0.0.1')}/api/v2/dags`)).status).toBe(401);
    await server.close();
  });
});
