import { expect, test } from 'vitest';
import { currentScope } from '../sdk/scope.ts';
import { extraFlag, resolveConnection } from './connections.ts';
import { loadPeer } from './peer.ts';
import { testAttempt } from './testing.ts';

const request = { provider: 'postgres', types: ['postgres', 'postgresql'] };

test('a name is looked up once an attempt, and its secrets are masked', async () => {
  const attempt = testAttempt({ db: 'postgres://me:p%40ss@host:5433/shop?api_key=k1&region=eu' });
  await attempt.run(async () => {
    const connection = await resolveConnection('db', request);
    expect(connection).toMatchObject({ login: 'me', password: 'p@ss', host: 'host', port: 5433, schema: 'shop' });
    expect(await resolveConnection('db', request)).toEqual(connection);
  });
  expect(attempt.asked).toEqual(['db']);
  expect(new Set(attempt.masked)).toEqual(new Set(['p@ss', 'p%40ss', 'k1']));
});

test('an unknown name says how to set it', async () => {
  await testAttempt({}).run(async () => {
    await expect(resolveConnection('my-db', request)).rejects.toMatchObject({
      code: 'missing_connection',
      message: "there is no connection 'my-db'",
      fix: expect.stringMatching(/MILLRACE_CONN_MY_DB=.*millrace connections add my-db --uri /),
    });
  });
});

test('a name outside of an attempt is an error, a URI is not', async () => {
  expect(currentScope()).toBeUndefined();
  await expect(resolveConnection('db', request)).rejects.toMatchObject({ code: 'invalid_wiring' });
  expect(await resolveConnection('postgres://a:b@c/d', request)).toMatchObject({ host: 'c', schema: 'd' });
});

test('a connection of another type is refused', async () => {
  await testAttempt({ mail: 'smtp://a:b@c' }).run(async () => {
    await expect(resolveConnection('mail', request)).rejects.toMatchObject({
      code: 'invalid_connection',
      fix: "Give it the type 'postgres' or 'postgresql', or use the provider of its type.",
    });
  });
});

test('flags of extra', () => {
  const connection = { name: 'c', type: 'x', extra: { a: 'True', b: false, c: '0', d: 1 } };
  expect(['a', 'b', 'c', 'd', 'e'].map((key) => extraFlag(connection, key))).toEqual([
    true,
    false,
    false,
    true,
    undefined,
  ]);
});

test('a client library that is missing is named', async () => {
  const missing: string = 'millrace-no-such-package';
  const error = Object.assign(new Error(`Cannot find package '${missing}' imported from x`), {
    code: 'ERR_MODULE_NOT_FOUND',
  });
  await expect(loadPeer(missing, () => Promise.reject(error))).rejects.toMatchObject({
    code: 'provider_error',
    fix: `npm install ${missing}`,
  });
  const inner = Object.assign(new Error("Cannot find package 'other' imported from y"), {
    code: 'ERR_MODULE_NOT_FOUND',
  });
  await expect(loadPeer(missing, () => Promise.reject(inner))).rejects.toBe(inner);
});
