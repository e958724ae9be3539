import type { AddressInfo } from 'node:net';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { parseConnection } from '../../model/connection.ts';
import { testAttempt } from '../testing.ts';
import { sendMail, smtp } from './index.ts';

interface Received {
  readonly from: string;
  readonly to: readonly string[];
  readonly user: string | undefined;
  readonly secure: boolean;
  readonly raw: Buffer;
}

let server: SMTPServer;
let port: number;
let received: Received[] = [];
let onData: () => void = () => {};

beforeAll(async () => {
  server = new SMTPServer({
    logger: false,
    authOptional: true,
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _, done) =>
      password === 'p@ss' ? done(null, { user: username }) : done(new Error('Invalid username or password')),
    onRcptTo: ({ address }, _, done) => done(address.startsWith('nobody') ? new Error('no such mailbox') : null),
    onData(stream, session, done) {
      onData();
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          user: session.user,
          secure: session.secure,
          raw: Buffer.concat(chunks),
        });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  port = (server.server.address() as AddressInfo).port;
});
afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));
beforeEach(() => {
  received = [];
  onData = () => {};
});

const plain = () => `smtp://me:p%40ss@127.0.0.1:${port}/?disable_tls=true&from_email=pipelines%40example.com`;
const tls = () => `smtp://me:p%40ss@127.0.0.1:${port}/?verify=false&from_email=pipelines%40example.com`;

test('sends text, HTML and attachments to all recipients', async () => {
  const attempt = testAttempt({ smtp_default: plain() });
  const sent = await attempt.run(() =>
    smtp('smtp_default').send({
      to: ['Ann <a@example.com>', 'b@example.com'],
      cc: 'c@example.com',
      bcc: ['hidden@example.com'],
      subject: 'Grüße ✅',
      text: 'plain é',
      html: '<b>é</b>',
      attachments: [{ filename: 'a.csv', content: new Uint8Array([97, 44, 98]), contentType: 'text/csv' }],
    }),
  );
  expect(sent).toMatchObject({
    accepted: ['a@example.com', 'b@example.com', 'c@example.com', 'hidden@example.com'],
    rejected: [],
  });
  expect(received[0]).toMatchObject({ from: 'pipelines@example.com', to: sent.accepted, user: 'me', secure: false });
  const mail = await PostalMime.parse(received[0]!.raw);
  expect(mail).toMatchObject({
    subject: 'Grüße ✅',
    from: { address: 'pipelines@example.com' },
    messageId: sent.messageId,
  });
  expect([mail.text?.trim(), mail.html?.trim()]).toEqual(['plain é', '<b>é</b>']);
  expect(received[0]!.raw.toString()).not.toContain('hidden@example.com');
  expect(Buffer.from(mail.attachments[0]!.content as ArrayBuffer).toString()).toBe('a,b');
  expect(attempt.masked).toContain('p@ss');
});

test('a login goes over TLS unless that is forbidden', async () => {
  await sendMail(parseConnection('mail', tls()), { to: 'a@example.com', subject: 's', text: 't' });
  expect(received[0]).toMatchObject({ secure: true, user: 'me' });
  const strict = parseConnection('mail', tls().replace('verify=false', 'verify=true'));
  await expect(sendMail(strict, { to: 'a@example.com', subject: 's', text: 't' })).rejects.toMatchObject({
    code: 'provider_error',
  });
  expect(received).toHaveLength(1);
});

test('errors say what to do and keep the password to themselves', async () => {
  const message = { to: 'a@example.com', subject: 's', text: 't' };
  const error = await sendMail(parseConnection('mail', plain().replace('p%40ss', 'hunter2')), message).catch(
    (thrown) => thrown,
  );
  expect(error).toMatchObject({ code: 'provider_error', fix: 'Check login and password of the connection.' });
  expect(`${error.stack}${JSON.stringify(error)}`).not.toContain('hunter2');
  await expect(
    sendMail(parseConnection('mail', 'smtp://127.0.0.1:1/?from_email=a@b.c'), message),
  ).rejects.toMatchObject({
    fix: 'Check host and port of the connection, and that the server runs.',
  });
  await expect(sendMail(parseConnection('mail', 'smtp://me:x@127.0.0.1'), message)).rejects.toMatchObject({
    code: 'invalid_connection',
    fix: expect.stringContaining('from_email'),
  });
  await expect(
    sendMail(parseConnection('mail', plain()), { ...message, to: 'nobody@example.com' }),
  ).rejects.toMatchObject({
    fix: 'Check the addresses of sender and recipients.',
  });
});

test('addresses that the server refuses are told', async () => {
  const sent = await sendMail(parseConnection('mail', plain()), {
    to: ['a@example.com', 'nobody@example.com'],
    subject: 's',
    html: 'h',
  });
  expect(sent).toMatchObject({ accepted: ['a@example.com'], rejected: ['nobody@example.com'] });
});

test('a value that looks like a file or a header stays text', async () => {
  await sendMail(parseConnection('mail', plain()), {
    to: 'a@example.com',
    subject: 'x\r\nBcc: evil@example.com',
    text: 'file:///etc/passwd',
  });
  expect(received[0]!.to).toEqual(['a@example.com']);
  const mail = await PostalMime.parse(received[0]!.raw);
  expect([mail.bcc, mail.text?.trim()]).toEqual([undefined, 'file:///etc/passwd']);
});

test('an abort gives its reason', async () => {
  const controller = new AbortController();
  const reason = new Error('cancelled');
  onData = () => controller.abort(reason);
  await testAttempt({ m: plain() }, controller.signal).run(() =>
    expect(smtp('m').send({ to: 'a@example.com', subject: 's', text: 't' })).rejects.toBe(reason),
  );
});
