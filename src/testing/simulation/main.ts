import { systemClock } from '../../model/clock.ts';
import { simulate } from './simulation.ts';
import { addTotals, zeroTotals } from './totals.ts';

const [first, count] = [Number(process.argv[2] ?? 1), Number(process.argv[3] ?? 10)];
const sum = zeroTotals();
const t0 = systemClock.monotonic();
const rules: Record<string, number[]> = {};
for (let seed = first; seed < first + count; seed++) {
  const r = await simulate({ seed, faults: process.argv[4] === 'calm' ? 'without' : 'with' });
  addTotals(sum, r.totals);
  if (r.violation) {
    (rules[r.violation.rule] ??= []).push(seed);
    console.log(seed, r.violation.message.slice(0, 600));
    if (count === 1) {
      console.log(r.history.slice(-Number(process.argv[5] ?? 100)).join('\n'));
      console.log(r.violation.stack);
    }
  }
}
console.log(sum, rules, (systemClock.monotonic() - t0) / count, 'ms/seed');
