import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testAttempt } from '../testing.ts';
import { HttpStatusError, http, isRetryable } from './index.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

let server: Server;
let base: string;
let port: number;
let handle: Handler = () => {};

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => handle(request, response, body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
  base = `http://127.0.0.1:${port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** Answers with what was asked. */
const echo: Handler = (request, response, body) => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body }));
};

const answer =
  (status: number, body = '', headers: Record<string, string> = {}): Handler =>
  (_, response) => {
    response.writeHead(status, headers).end(body);
  };

interface Echo {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
}

test('methods, paths, query, headers and JSON', async () => {
  handle = echo;
  const api = http(`${base}/v1/`, { headers: { 'X-API-Key': 'k', 'x-a': '1' } });
  const posted = await api.post<Echo>('/score/batch', {
    json: { customers: [1] },
    headers: { 'X-A': '2' },
    timeout: '30s',
  });
  expect(posted).toMatchObject({ method: 'POST', url: '/v1/score/batch', body: '{"customers":[1]}' });
  expect(posted.headers).toMatchObject({ 'x-api-key': 'k', 'x-a': '2', 'content-type': 'application/json' });
  const query = { a: 'x y&', n: 1, at: new Date(0), list: ['p', 'q'], none: undefined, no: null };
  expect((await api.get<Echo>('items?z=1', { query })).url).toBe(
    '/v1/items?z=1&a=x+y%26&n=1&at=1970-01-01T00%3A00%3A00.000Z&list=p&list=q',
  );
  expect((await api.put<Echo>('', { body: 'text' })).body).toBe('text');
  expect((await api.patch<Echo>('a', { body: new URLSearchParams({ a: '1' }) })).body).toBe('a=1');
  expect(await api.delete<Echo>('a/b%2Fc')).toMatchObject({ method: 'DELETE', url: '/v1/a/b%2Fc' });
  async function* pieces() {
    yield new TextEncoder().encode('one ');
    yield new TextEncoder().encode('two');
  }
  expect((await api.post<Echo>('up', { body: ReadableStream.from(pieces()) as never })).body).toBe('one two');
});

test('answers as text, bytes, nothing, and raw', async () => {
  handle = answer(200, 'plain é');
  expect(await http(base).get('x', { expect: 'text' })).toBe('plain é');
  expect(await http(base).get('x', { expect: 'bytes' })).toEqual(new TextEncoder().encode('plain é'));
  await expect(http(base).get('x')).rejects.toMatchObject({
    code: 'provider_error',
    message: expect.stringContaining('plain é'),
  });
  handle = answer(204);
  expect(await http(base).delete('x')).toBeUndefined();
  handle = answer(404, 'no', { 'x-h': 'v' });
  const response = await http(base).raw('head', 'x');
  expect([response.status, response.headers.get('x-h')]).toEqual([404, 'v']);
});

test('another status than 2xx is an error without secrets', async () => {
  handle = answer(503, 'busy '.repeat(200), { 'retry-after': '7' });
  const withLogin = base.replace('://', '://me:hunter2@');
  const error = await failure(http(withLogin).get('a', { query: { api_key: 'sesame', page: 2 } }));
  expect(error).toBeInstanceOf(HttpStatusError);
  expect(error).toMatchObject({
    code: 'http_status',
    status: 503,
    method: 'GET',
    url: `${base}/a?api_key=***&page=2`,
    retryAfterMs: 7000,
  });
  expect(error.body).toHaveLength(500);
  expect(error.message).toContain('GET');
  expect(`${error.message}${error.stack}${JSON.stringify(error)}`).not.toMatch(/hunter2|sesame/);
  handle = answer(429, '', { 'retry-after': 'Thu, 01 Jan 2026 00:01:00 GMT', date: 'Thu, 01 Jan 2026 00:00:00 GMT' });
  expect(await failure(http(base).get('a'))).toMatchObject({ status: 429, retryAfterMs: 60_000 });
});

test('what may be retried', async () => {
  for (const [status, retryable] of [
    [400, false],
    [401, false],
    [404, false],
    [408, true],
    [409, false],
    [425, true],
    [429, true],
    [500, true],
    [501, false],
    [502, true],
    [503, true],
    [504, true],
  ] as const) {
    handle = answer(status);
    const error = await failure(http(base).get('a'));
    expect([status, isRetryable(error)]).toEqual([status, retryable]);
  }
  const refused = await failure(http(`http://127.0.0.1:${await closedPort()}`).get('a'));
  expect(refused).toMatchObject({ code: 'provider_error', fix: 'Check host and port, and that the server runs.' });
  handle = (request) => request.socket.destroy();
  const broken = await failure(http(base).get('a'));
  expect([isRetryable(refused), isRetryable(broken), isRetryable(new Error('mine'))]).toEqual([true, true, false]);
});

test('a time-out covers headers and body', async () => {
  handle = () => {};
  const headers = await failure(http(base, { timeout: '20ms' }).get('a'));
  expect(headers).toMatchObject({ code: 'provider_error', message: `GET ${base}/a had no complete answer after 20ms` });
  expect(isRetryable(headers)).toBe(true);
  handle = (_, response) => void response.write('{"half":');
  await expect(http(base).get('a', { timeout: 0.05 })).rejects.toThrow(/no complete answer after 0.05 s/);
  await expect(http(base).get('a', { timeout: -1 })).rejects.toMatchObject({ code: 'invalid_duration' });
});

test('an abort of the attempt gives its reason', async () => {
  const reason = new Error('cancelled');
  const controller = new AbortController();
  handle = () => controller.abort(reason);
  await testAttempt({}, controller.signal).run(() => expect(http(base).get('a')).rejects.toBe(reason));
});

test('connections give base, login and headers, in either form of the URI', async () => {
  handle = echo;
  const attempt = testAttempt({
    plain: `http://me:p%40ss@127.0.0.1:${port}/v2?X-Team=data&timeout=5`,
    airflow: `http://127.0.0.1:${port}/http?__extra__=${encodeURIComponent('{"headers":{"x-b":"1"}}')}`,
    whole: JSON.stringify({ type: 'http', host: `http://127.0.0.1:${port}/deep/` }),
    mail: 'smtp://x',
  });
  await attempt.run(async () => {
    const plain = await http('plain').get<Echo>('/x');
    expect(plain).toMatchObject({
      url: '/v2/x',
      headers: { 'x-team': 'data', authorization: `Basic ${btoa('me:p@ss')}` },
    });
    expect(plain.headers.timeout).toBeUndefined();
    expect(await http('airflow').get<Echo>('/x')).toMatchObject({ url: '/x', headers: { 'x-b': '1' } });
    expect(await http('whole', { auth: { bearer: 't' } }).get<Echo>('/x')).toMatchObject({
      url: '/deep/x',
      headers: { authorization: 'Bearer t' },
    });
    await expect(http('mail').get('/x')).rejects.toMatchObject({ code: 'invalid_connection' });
    await expect(http('nope').get('/x')).rejects.toMatchObject({ code: 'missing_connection' });
  });
  expect(attempt.masked).toContain('p@ss');
});

test('a path cannot leave the base', async () => {
  handle = echo;
  await expect(http(base).get('https://elsewhere.example/x')).rejects.toMatchObject({ code: 'invalid_argument' });
  expect((await http(`${base}/v1`).get<Echo>('//elsewhere.example/x')).url).toBe('/v1/elsewhere.example/x');
  await expect(http('ftp://x').get('/')).rejects.toMatchObject({ code: 'invalid_connection' });
});

/** The error that a request ends with. */
async function failure(request: Promise<unknown>): Promise<HttpStatusError> {
  return request.then(
    () => expect.unreachable('the request succeeded'),
    (error) => error,
  );
}

/** A port at which nobody listens. */
async function closedPort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return address.port;
}
