import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testAttempt } from '../testing.ts';
import { slack } from './index.ts';

const TOKEN = 'xoxb-1-secret';

interface Call {
  readonly path: string | undefined;
  readonly payload: Readonly<Record<string, string>>;
}

let server: Server;
let uri: string;
let calls: Call[] = [];
/** What the server does before it answers; true when it has answered itself. */
let before: (call: Call, respond: (status: number, headers?: Record<string, string>) => void) => boolean = () => false;

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const call = { path: request.url, payload: Object.fromEntries(new URLSearchParams(body)) };
      calls.push(call);
      if (before(call, (status, headers) => response.writeHead(status, headers).end())) return;
      const answer = (value: object) =>
        response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
      if (request.headers.authorization !== `Bearer ${TOKEN}`) return answer({ ok: false, error: 'invalid_auth' });
      if (call.payload.channel === '#nowhere') return answer({ ok: false, error: 'channel_not_found' });
      return answer({ ok: true, channel: 'C1', ts: '1.2' });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  uri = `slack+http://:${TOKEN}@127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  calls = [];
  before = () => false;
});

test('posts with the token of the connection, which is masked', async () => {
  const attempt = testAttempt({ slack_default: uri });
  await attempt.run(async () => {
    const posted = await slack('slack_default').post('#data', '✅ 1,234 done', {
      thread_ts: '0.1',
      blocks: [{ type: 'divider' }],
    });
    expect(posted).toEqual({ channel: 'C1', ts: '1.2' });
    expect(await slack('slack_default').call('reactions.add', { name: 'tada' })).toMatchObject({ ok: true });
  });
  expect(attempt.masked).toContain(TOKEN);
  expect(calls).toEqual([
    {
      path: '/api/chat.postMessage',
      payload: { channel: '#data', text: '✅ 1,234 done', thread_ts: '0.1', blocks: '[{"type":"divider"}]' },
    },
    { path: '/api/reactions.add', payload: { name: 'tada' } },
  ]);
});

test('base_url names another server', async () => {
  const { host } = new URL(uri.replace('slack+', ''));
  await slack(`slack://:${TOKEN}@/?base_url=${encodeURIComponent(`http://${host}/proxy`)}`).post('#a', 'x');
  expect(calls[0]!.path).toBe('/proxy/chat.postMessage');
});

test('refusals say what to do and keep the token to themselves', async () => {
  await expect(slack(uri).post('#nowhere', 'x')).rejects.toMatchObject({
    code: 'provider_error',
    message: 'Slack chat.postMessage: channel_not_found',
    fix: expect.stringContaining("channel's name"),
  });
  const error = await slack(uri.replace(TOKEN, 'xoxb-wrong'))
    .post('#a', 'x')
    .catch((thrown) => thrown);
  expect(error).toMatchObject({ fix: 'Check the password (token) of the connection.' });
  expect(`${error.stack}${JSON.stringify(error)}`).not.toContain('xoxb-wrong');
  await expect(slack('slack://').post('#a', 'x')).rejects.toMatchObject({ code: 'invalid_connection' });
});

test('waits when Slack asks to, and an abort ends the wait', async () => {
  before = (_, respond) => {
    if (calls.length === 1) respond(429, { 'retry-after': '0' });
    return calls.length === 1;
  };
  expect(await slack(uri).post('#a', 'x')).toEqual({ channel: 'C1', ts: '1.2' });
  const controller = new AbortController();
  const reason = new Error('cancelled');
  before = () => {
    controller.abort(reason);
    return true;
  };
  await testAttempt({}, controller.signal).run(() => expect(slack(uri).post('#a', 'x')).rejects.toBe(reason));
  await testAttempt({}, controller.signal).run(() => expect(slack(uri).post('#a', 'x')).rejects.toBe(reason));
});
