import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { contrast, deltaE, type Rgb, rgb, seenWith } from './colour.ts';

const css = readFileSync(new URL('../../web/src/styles/tokens.css', import.meta.url), 'utf8');

/** The values of a block, by token. */
function tokens(pattern: RegExp): ReadonlyMap<string, Rgb> {
  const block = pattern.exec(css)?.[1] ?? '';
  return new Map([...block.matchAll(/(--[\w-]+):\s*(#[0-9a-f]{6})/gi)].map(([, name, hex]) => [name!, rgb(hex!)]));
}

const LIGHT = tokens(/:root\[data-theme="light"\]\s*\{([^}]*)\}/);
const DARK = tokens(/\n:root\[data-theme="dark"\]\s*\{([^}]*)\}/);
const SYSTEM_DARK = tokens(/:root:not\(\[data-theme="light"\]\)\s*\{([^}]*)\}/);

const STATES = [
  'success',
  'running',
  'failed',
  'up-for-retry',
  'up-for-reschedule',
  'queued',
  'scheduled',
  'deferred',
  'skipped',
  'upstream-failed',
  'removed',
  'cancelled',
  'awaiting',
  'none',
];
const SURFACES = ['--canvas', '--panel', '--hover', '--accent-tint'];

test('dark by the system is dark by choice', () => {
  expect(new Map([...SYSTEM_DARK].sort())).toEqual(new Map([...DARK].sort()));
  expect(LIGHT.size).toBeGreaterThan(50);
});

describe.each([
  ['light', LIGHT],
  ['dark', DARK],
])('%s', (_, theme) => {
  const of = (name: string) => theme.get(name)!;

  test('words have 4.5:1 on every surface and on their own tint', () => {
    const low = [];
    for (const name of ['--ink', '--ink-2', '--ink-3', '--accent-ink', ...STATES.map((state) => `--${state}-ink`)]) {
      const own = name.replace(/-ink$/, '-tint');
      for (const surface of [...SURFACES, ...(own.endsWith('-tint') && theme.has(own) ? [own] : [])]) {
        const ratio = contrast(of(name), of(surface));
        if (ratio < 4.5) low.push(`${name} on ${surface}: ${ratio.toFixed(2)}`);
      }
    }
    expect(low).toEqual([]);
  });

  test('glyphs, bars and borders of fields have 3:1', () => {
    const low = [];
    for (const name of ['--ctl', '--accent', ...STATES.map((state) => `--${state}`)]) {
      for (const surface of ['--canvas', '--panel']) {
        const ratio = contrast(of(name), of(surface));
        if (ratio < 3) low.push(`${name} on ${surface}: ${ratio.toFixed(2)}`);
      }
    }
    expect(low).toEqual([]);
  });

  test.each([
    ['normal', 14],
    ['protanopia', 7],
    ['deuteranopia', 7],
    ['tritanopia', 7],
  ] as const)('states differ, seen with %s vision', (vision, least) => {
    const close = [];
    for (const [n, a] of STATES.entries()) {
      for (const b of STATES.slice(n + 1)) {
        const distance = deltaE(seenWith(of(`--${a}`), vision), seenWith(of(`--${b}`), vision));
        if (distance < least) close.push(`${a} and ${b}: ${distance.toFixed(1)}`);
      }
    }
    expect(close).toEqual([]);
  });
});
