import { expect, test } from 'vitest';
import { quoteTable } from './identifier.ts';
import { copyText, valueText } from './text.ts';

test('values are written as PostgreSQL reads them', () => {
  expect(valueText(new Date('2026-01-05T06:07:08.009Z'))).toBe('2026-01-05T06:07:08.009+00');
  expect(valueText(new Date(Date.UTC(12026, 0, 1)))).toBe('12026-01-01T00:00:00.000+00');
  expect(valueText(new Date('-000043-03-15T00:00:00Z'))).toBe('0044-03-15T00:00:00.000+00 BC');
  expect(valueText([1, null, 'a "b" \\', [true]])).toBe('{"1",NULL,"a \\"b\\" \\\\",{"true"}}');
  expect(valueText([1, 'x'], { json: true })).toBe('[1,"x"]');
  expect(valueText({ a: [1] })).toBe('{"a":[1]}');
  expect(valueText(new Uint8Array([0, 255]))).toBe('\\x00ff');
  expect(valueText(undefined)).toBeNull();
  expect(() => valueText(new Date(Number.NaN))).toThrow(/invalid Date/);
  expect(() => valueText(() => 1)).toThrow(/function/);
  expect(copyText('a\tb\\N\r\n')).toBe('a\\tb\\\\N\\r\\n');
  expect(copyText(null)).toBe('\\N');
});

test('table names are quoted part by part', () => {
  expect(quoteTable('orders')).toBe('"orders"');
  expect(quoteTable('shop.Order items')).toBe('"shop"."Order items"');
  expect(quoteTable('"my.schema"."a""b"')).toBe('"my.schema"."a""b"');
  for (const wrong of ['', '.', 'a.', '.a', 'a.b.c', '"a', 'a"b', '"; DROP TABLE x; --']) {
    expect(() => quoteTable(wrong), wrong).toThrow(/not the name of a table/);
  }
});
