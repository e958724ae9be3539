import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { systemClock } from '../../model/clock.ts';
import { simulate } from './simulation.ts';
import { addTotals, belowFloor, type Totals, zeroTotals } from './totals.ts';

/**
 * `npm run simulate -- --seeds N --first-seed S --jobs J`: runs N seeds in J processes. Prints what happened in all of
 * them, and ends with 1 when a rule was broken or too little happened to have shown anything.
 */
interface Finding {
  readonly seed: number;
  readonly message: string;
  readonly history: readonly string[];
}

interface Share {
  readonly totals: Totals;
  readonly findings: readonly Finding[];
}

const HISTORY_SHOWN = 150;

async function search(first: number, seeds: number, step: number): Promise<Share> {
  const totals = zeroTotals();
  const findings: Finding[] = [];
  for (let seed = first; seed < first + seeds; seed += step) {
    const { violation, history, totals: more } = await simulate({ seed });
    addTotals(totals, more);
    if (violation) findings.push({ seed, message: violation.message, history: history.slice(-HISTORY_SHOWN) });
  }
  return { totals, findings };
}

/** A share of the seeds in a process of its own, which hands its findings back over the channel. */
async function childSearch(first: number, seeds: number, step: number): Promise<Share> {
  const args = ['--seeds', String(seeds), '--first-seed', String(first), '--step', String(step), '--child'];
  const child = spawn(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), ...args], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const shares: Share[] = [];
  child.on('message', (message) => shares.push(message as Share));
  const [code] = (await once(child, 'close')) as [number | null];
  const [share] = shares;
  if (!share) throw new Error(`the simulation of seeds ${first} and up ended with ${code} and no result`);
  return share;
}

function print(share: Share, ms: number): void {
  for (const { seed, message, history } of share.findings) {
    console.log(`\nseed ${seed}: ${message}\n`);
    for (const entry of history) console.log(`  ${entry}`);
    console.log(`\n  again: npm run simulate -- --first-seed ${seed} --seeds 1\n`);
  }
  const { seeds, ...rest } = share.totals;
  const list = Object.entries(rest).map(([name, count]) => `${name} ${count}`);
  console.log(`${seeds} seeds in ${(ms / 1000).toFixed(1)} s: ${list.join(', ')}`);
  console.log(`violations: ${share.findings.length}`);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '200' },
      'first-seed': { type: 'string', default: '1' },
      jobs: { type: 'string', default: String(availableParallelism()) },
      step: { type: 'string', default: '1' },
      child: { type: 'boolean', default: false },
    },
  });
  const [seeds, first, step] = [Number(values.seeds), Number(values['first-seed']), Number(values.step)];
  if (values.child) {
    process.send!(await search(first, seeds, step));
    return 0;
  }
  const began = systemClock.monotonic();
  const jobs = Math.max(1, Math.min(Number(values.jobs), seeds));
  const shares =
    jobs === 1
      ? [await search(first, seeds, 1)]
      : await Promise.all(Array.from({ length: jobs }, (_, job) => childSearch(first + job, seeds - job, jobs)));
  const totals = zeroTotals();
  for (const share of shares) addTotals(totals, share.totals);
  const findings = shares.flatMap((share) => share.findings).sort((a, b) => a.seed - b.seed);
  print({ totals, findings }, systemClock.monotonic() - began);
  const missed = belowFloor(totals);
  if (missed.length > 0) console.log(`too little happened: ${missed.join('; ')}`);
  return findings.length > 0 || missed.length > 0 ? 1 : 0;
}

process.exitCode = await main();
if (process.connected) process.disconnect();
