import { EventEmitter, once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { LogLevel, WebClient } from '@slack/web-api';
import { createTransport } from 'nodemailer';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockFolder } from '../../examples/parts/folder-lock.ts';
import { freePort } from '../../examples/parts/free-port.ts';
import { startHttpServer } from '../../examples/parts/http-server.ts';
import { type Lake, startLake } from '../../examples/parts/lake.ts';
import { startMailServer } from '../../examples/parts/mail-server.ts';
import { startSlackServer } from '../../examples/parts/slack-server.ts';

let folder: string;
let open: { stop(): Promise<void> }[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-services-'));
});

afterEach(async () => {
  for (const service of open.reverse()) await service.stop();
  open = [];
  rmSync(folder, { recursive: true, force: true });
});

function opened<T extends { stop(): Promise<void> }>(service: T): T {
  open.push(service);
  return service;
}

test("Slack's own client posts, and is refused as by Slack", async () => {
  const file = join(folder, 'slack.jsonl');
  const server = opened(await startSlackServer({ token: 'xoxb-right', file }));
  const client = (token?: string) => new WebClient(token, { slackApiUrl: server.apiUrl, logLevel: LogLevel.ERROR });
  const slack = client('xoxb-right');
  expect(await slack.auth.test()).toMatchObject({ ok: true, user: 'millrace' });
  const text = '✅ 23,570 customers & more';
  expect(await slack.chat.postMessage({ channel: '#data-pipelines', text })).toMatchObject({
    ok: true,
    channel: '#data-pipelines',
    message: { text },
  });
  const error = (promise: Promise<unknown>) =>
    promise.then(
      () => 'ok',
      (refusal) => refusal.data?.error,
    );
  const post = (channel: string, message: string) => error(slack.chat.postMessage({ channel, text: message }));
  expect(await error(client('xoxb-wrong').chat.postMessage({ channel: '#a', text: 'x' }))).toBe('invalid_auth');
  expect(await error(client().auth.test())).toBe('not_authed');
  expect(await post('Not A Channel', 'x')).toBe('channel_not_found');
  expect(await post('#a', '')).toBe('no_text');
  expect(await post('#a', 'x'.repeat(40_001))).toBe('msg_too_long');
  expect(await error(slack.apiCall('chat.unheardOf'))).toBe('unknown_method');
  expect(server.messages()).toMatchObject([{ channel: '#data-pipelines', text }]);
});

test('Slack takes JSON too, and keeps its messages, but for a line that was cut off', async () => {
  const file = join(folder, 'slack.jsonl');
  const first = await startSlackServer({ token: 't', file });
  const headers = { authorization: 'Bearer t', 'content-type': 'application/json; charset=utf-8' };
  const post = (body: string) => fetch(`${first.apiUrl}chat.postMessage`, { method: 'POST', headers, body });
  expect(await (await post('{')).json()).toEqual({ ok: false, error: 'invalid_json' });
  for (const text of ['one', 'two']) await post(JSON.stringify({ channel: 'C12345678', text }));
  await first.stop();
  writeFileSync(file, `${readFileSync(file, 'utf8')}{"channel":"C1`);
  const second = opened(await startSlackServer({ token: 't', file }));
  const { messages } = (await (await fetch(`${second.url}/messages`)).json()) as { messages: { text: string }[] };
  expect(messages.map(({ text }) => text)).toEqual(['one', 'two']);
});

test('mail becomes a file for each message', async () => {
  const server = opened(await startMailServer({ folder: join(folder, 'mail') }));
  const transport = createTransport({ host: '127.0.0.1', port: server.port, secure: false });
  for (const subject of ['first', 'second']) {
    await transport.sendMail({ from: 'millrace@example.com', to: 'data-team@example.com', subject, text: 'Grüße' });
  }
  const messages = await server.messages();
  expect(messages).toHaveLength(2);
  expect(messages[0]).toMatch(/^X-Envelope-From: millrace@example.com\r\nX-Envelope-To: data-team@example.com\r\n/);
  expect(messages.map((message) => /^Subject: (.*)\r$/m.exec(message)?.[1])).toEqual(['first', 'second']);
});

function s3(lake: Lake, accessKeyId = 'access'): S3Client {
  const credentials = { accessKeyId, secretAccessKey: 'secret' };
  return new S3Client({ endpoint: lake.url, region: 'us-east-1', credentials, forcePathStyle: true });
}

const startLakeIn = (path: string) => startLake({ folder: path, buckets: ['data-pipeline'], accessKey: 'access' });

test('the lake has its objects after a restart', async () => {
  const first = await startLakeIn(join(folder, 'lake'));
  const Body = Buffer.alloc(3_000_000, 'x');
  const target = { Bucket: 'data-pipeline', Key: 'pipeline/a=1/data.parquet' };
  await s3(first).send(new PutObjectCommand({ ...target, Body: Buffer.from('old') }));
  await s3(first).send(new PutObjectCommand({ ...target, Body }));
  await first.stop();
  const second = opened(await startLakeIn(join(folder, 'lake')));
  const listed = await s3(second).send(new ListObjectsV2Command({ Bucket: 'data-pipeline' }));
  expect(listed.Contents?.map(({ Key, Size }) => [Key, Size])).toEqual([[target.Key, Body.length]]);
  const part = await s3(second).send(new GetObjectCommand({ ...target, Range: 'bytes=2999998-' }));
  expect(await part.Body?.transformToString()).toBe('xx');
});

test('the lake refuses another access key, and listens on the loopback interface only', async () => {
  const lake = opened(await startLakeIn(join(folder, 'lake')));
  const list = s3(lake, 'other').send(new ListObjectsV2Command({ Bucket: 'data-pipeline' }));
  await expect(list).rejects.toMatchObject({ name: 'InvalidAccessKeyId' });
  expect((await fetch(`${lake.url}/data-pipeline`)).status).toBe(403);
  expect(lake.url).toBe(`http://127.0.0.1:${lake.port}`);
});

test('a server that stops ends its open requests', async () => {
  const events = new EventEmitter();
  const server = await startHttpServer(({ signal }) => {
    signal.addEventListener('abort', () => events.emit('aborted'));
    events.emit('begun');
    return new Promise(() => {});
  });
  const begun = once(events, 'begun');
  const aborted = once(events, 'aborted');
  const request = fetch(server.url).catch((error) => error);
  await begun;
  await server.stop();
  await aborted;
  expect(await request).toBeInstanceOf(Error);
});

test('a handler that throws answers 500', async () => {
  const server = opened(
    await startHttpServer(() => {
      throw new Error('broken');
    }),
  );
  const answer = await fetch(server.url);
  expect([answer.status, await answer.json()]).toEqual([500, { error: 'broken' }]);
});

test('a lock is given back and taken again', async () => {
  const lock = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow(/Another process uses/);
  lock.release();
  lockFolder(folder).release();
});

test('a wanted port is given when it is free, another when not', async () => {
  const server = opened(await startHttpServer(() => ({ status: 200, body: {} })));
  expect(await freePort(server.port)).not.toBe(server.port);
  const port = await freePort();
  expect(await freePort(port)).toBe(port);
});
