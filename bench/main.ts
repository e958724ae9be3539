// Measures the product against its floor and prints a table: `npm run bench -- [--only name,…] [--json FILE]`.
import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { Measurement, Skipped } from './row.ts';
import { tableHead, tableLine } from './table.ts';

/** By file in rows/: the figures that it gives. */
const ROWS: Readonly<Record<string, readonly string[]>> = {
  chain40: ['chain40_ms'],
  'chain40-postgres': ['chain40_postgres_ms'],
  parallel400: ['parallel400_ms'],
  'throughput-sqlite': ['throughput_sqlite_per_s'],
  'throughput-postgres': ['throughput_postgres_per_s'],
  'ready-to-start': ['ready_to_start_p50_ms', 'ready_to_start_p99_ms'],
  'flow-chain40': ['flow_chain40_ms'],
  'flow-parallel400': ['flow_parallel400_ms'],
  map100k: ['map100k_s', 'map100k_longest_stall_ms'],
  schedule10k: ['schedule10k_lag_p99_ms'],
  'cold-start': ['cold_start_ms'],
  idle: ['idle_rss_mb', 'idle_pss_mb', 'idle_cpu_percent'],
  'grid-first-paint': [
    'grid_first_paint_ms',
    'home_first_paint_ms',
    'mapped_first_paint_ms',
    'page_bytes_kb',
    'live_change_ms',
  ],
};

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    json: { type: 'string' },
    /** Of src/ instead of dist/: for a quick look while something is changed; starts are slower. */
    source: { type: 'boolean', default: false },
    /** Of dist/ as it is. */
    'no-build': { type: 'boolean', default: false },
  },
});

const wanted = values.only?.split(',').map((name) => name.trim());
for (const name of wanted ?? []) {
  if (Object.values(ROWS).some((names) => names.includes(name))) continue;
  console.error(`There is no row ${name}. Rows: ${Object.values(ROWS).flat().join(', ')}`);
  process.exit(2);
}

if (values.source) process.env.MILLRACE_BENCH_SOURCE = '1';
else if (!values['no-build']) {
  const build = new URL('../scripts/build.mjs', import.meta.url).href;
  ((await import(build)) as { ensureBuilt(): void }).ensureBuilt();
}

/** Each row has a process of its own: what one has compiled, cached or left behind is no other's advantage. */
function measure(file: string): Promise<readonly Measurement[] | Skipped> {
  const conditions = values.source ? ['--conditions=millrace-source'] : [];
  const child = fork(new URL('./row-main.ts', import.meta.url), [file], {
    execArgv: ['--disable-warning=ExperimentalWarning', ...conditions],
  });
  return new Promise((resolve, reject) => {
    child.once('message', (answer) => resolve(answer as readonly Measurement[] | Skipped));
    child.once('exit', (code) => reject(new Error(`the row ${file} ended with code ${code} and told nothing`)));
  });
}

const machine = `${availableParallelism()} cores (${cpus()[0]?.model.trim()}), Node ${process.versions.node}`;
console.log(`${machine}, load ${loadavg()[0]!.toFixed(2)} at the start; the floor is the thin engine of bench/floor\n`);
console.log(tableHead);
const rows: Measurement[] = [];
for (const [file, names] of Object.entries(ROWS)) {
  if (wanted && !names.some((name) => wanted.includes(name))) continue;
  const measured = await measure(file).catch((error: Error) => ({ skipped: `failed: ${error.message}` }));
  if ('skipped' in measured) {
    console.log(`${names.join(', ')}: ${measured.skipped}`);
    if (measured.skipped.startsWith('failed')) process.exitCode = 1;
    continue;
  }
  for (const measurement of measured) {
    rows.push(measurement);
    console.log(tableLine(measurement));
  }
}
console.log(`\nload ${loadavg()[0]!.toFixed(2)} at the end`);
if (values.json) {
  const written = rows.map(({ name, value, unit, floor, goal }) => ({ name, value, unit, floor, goal: goal?.value }));
  writeFileSync(values.json, `${JSON.stringify({ rows: written }, null, 2)}\n`);
}
