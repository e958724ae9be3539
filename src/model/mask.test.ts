import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMasker, isSensitive } from './mask.ts';

function maskerOf(...secrets: string[]) {
  const masker = createMasker();
  for (const secret of secrets) masker.add(secret);
  return masker;
}

describe('mask', () => {
  const secret = 'p@ss"w ord/\n1%é+line two';

  it.each<[string, (text: string) => string]>([
    ['as it is', (text) => text],
    ['in JSON', (text) => JSON.stringify({ text })],
    ['in JSON within JSON', (text) => JSON.stringify({ body: JSON.stringify({ text }) })],
    ['in a URL', (text) => `https://x/?p=${encodeURIComponent(text)}`],
    ['in a form', (text) => new URLSearchParams({ a: '1', text, b: '2' }).toString()],
    ["as a URL's password", (text) => Object.assign(new URL('postgres://user@host/db'), { password: text }).href],
    ['in Base64', (text) => Buffer.from(text).toString('base64')],
    ['in Base64 for URLs', (text) => Buffer.from(text).toString('base64url')],
    ['in an Authorization header', (text) => `Basic ${Buffer.from(`user:${text}`).toString('base64')}`],
    ['in Base64 after another text', (text) => Buffer.from(`ab${text}z`).toString('base64')],
    ['as Node.js shows it', (text) => inspect({ text })],
    ['in an error', (text) => String(new Error(`cannot log in with ${text}`, { cause: text }).stack)],
  ])('finds a secret %s', (_, write) => {
    const masked = maskerOf(secret).mask(write(secret));
    expect(masked).toContain('***');
    for (const piece of ['p@ss', 'p%40ss', '1%é', '1%25', 'line two', 'line%20two', 'line+two']) {
      expect(masked).not.toContain(piece);
    }
    const whole = Buffer.from(secret).toString('base64');
    for (let at = 0; at + 8 < whole.length; at++) expect(masked).not.toContain(whole.slice(at, at + 8));
  });

  it('replaces the longest secret first, wherever it is', () => {
    const masker = maskerOf('hunter', 'hunter22', 'unter22x');
    expect(masker.mask('hunter22 hunter hunter22x hunter2')).toBe('*** *** ***x ***2');
  });

  it('finds the lines of a secret, if they are long enough', () => {
    const masker = maskerOf('-----BEGIN KEY-----\nMIIEvQ\nabc\r\n-----END KEY-----');
    expect(masker.mask('MIIEvQ, abc, -----END KEY-----')).toBe('***, abc, ***');
  });

  it('does not look for short secrets, and says so', () => {
    const masker = createMasker();
    expect([masker.add('abcd'), masker.add(''), masker.add('abcde')]).toEqual([false, false, true]);
    expect(masker.mask('abcd YWJjZA== abcde')).toBe('abcd YWJjZA== ***');
  });

  it('finds secrets that are added later', () => {
    const masker = maskerOf('first-secret');
    expect(masker.mask('first-secret second-secret')).toBe('*** second-secret');
    masker.add('second-secret');
    expect(masker.mask('first-secret second-secret')).toBe('*** ***');
  });

  it('takes secrets for texts, not for patterns, and returns all other texts as they are', () => {
    const masker = maskerOf('.*+?^$|{}()[]\\/-');
    expect(masker.mask('plain text .*+?^$|{}()[]\\/- $&')).toBe('plain text *** $&');
    expect(createMasker().mask('anything')).toBe('anything');
  });

  it('leaves no secret in any text', () => {
    const secrets = fc.array(
      fc.string({ unit: 'grapheme', minLength: 5, maxLength: 12 }).filter((text) => !text.includes('*')),
      { minLength: 1, maxLength: 5 },
    );
    fc.assert(
      fc.property(secrets, fc.array(fc.string({ unit: 'grapheme' })), (all, rest) => {
        const text = rest.map((piece, index) => piece + all[index % all.length]).join('');
        const masked = maskerOf(...all).mask(text);
        for (const each of all) expect(masked.includes(each)).toBe(false);
      }),
    );
  });

  it('copes with half a surrogate pair', () => {
    expect(maskerOf('\ud800secret').mask('a \ud800secret')).toBe('a ***');
  });
});

describe('maskFields', () => {
  it('masks by name and by value, at any depth', () => {
    const masker = maskerOf('s3cr3t-value');
    const given = {
      user: 'ada',
      Password: 'x',
      apiKey: 12,
      nested: [{ 'x-access-token': { a: 'b' }, note: 'has s3cr3t-value in it' }],
      map: new Map<unknown, unknown>([
        ['private_key', 'y'],
        [1, 's3cr3t-value'],
      ]),
      set: new Set(['s3cr3t-value', 2]),
      's3cr3t-value': 1,
    };
    expect(masker.maskFields(given)).toEqual({
      user: 'ada',
      Password: '***',
      apiKey: '***',
      nested: [{ 'x-access-token': '***', note: 'has *** in it' }],
      map: new Map<unknown, unknown>([
        ['private_key', '***'],
        [1, '***'],
      ]),
      set: new Set(['***', 2]),
      '***': 1,
    });
    expect(given.Password).toBe('x');
  });

  it('shows what holds no secret, and leaves other classes alone', () => {
    const at = new Date(0);
    const given = { token: null, secret: '', has_password: true, passwd: undefined, at, n: 1 };
    expect(createMasker().maskFields(given)).toEqual(given);
    expect((createMasker().maskFields({ at }) as { at: Date }).at).toBe(at);
    expect(createMasker().maskFields('text')).toBe('text');
  });

  it('keeps cycles and shared parts', () => {
    const given: Record<string, unknown> = { token: 'x', list: [1] };
    given.self = given;
    given.again = given.list;
    const masked = createMasker().maskFields(given) as typeof given;
    expect(masked.self).toBe(masked);
    expect(masked.again).toBe(masked.list);
    expect(masked.token).toBe('***');
  });

  it('keeps a field called __proto__ a field', () => {
    const masked = createMasker().maskFields(JSON.parse('{"__proto__": {"token": "x"}}')) as object;
    expect(JSON.stringify(masked)).toBe('{"__proto__":{"token":"***"}}');
    expect(Object.getPrototypeOf(masked)).toBe(Object.prototype);
  });
});

describe('addFields', () => {
  it('learns the texts in fields with sensitive names', () => {
    const masker = createMasker();
    const extra: Record<string, unknown> = { host: 'example', keyfile_dict: { id: 'key-id-1', list: ['key-part-2'] } };
    extra.self = extra;
    masker.addFields(extra);
    expect(masker.mask('example key-id-1 key-part-2')).toBe('example *** ***');
  });
});

describe('isSensitive', () => {
  it("knows Airflow's names in every spelling", () => {
    const names = [
      'password',
      'DB_PASSWORD',
      'accessToken',
      'api-key',
      'privateKey',
      'Authorization',
      'serviceAccount',
    ];
    expect(names.filter((name) => !isSensitive(name))).toEqual([]);
    expect(['host', 'user', 'path', 'keys', 'pass'].filter(isSensitive)).toEqual([]);
  });
});
