import { setTimeout as sleep } from 'node:timers/promises';
import { type OwnProcess, productHome, thinHome } from '../own-process.ts';
import { cpuSecondsOf, memoryOf, processTree } from '../processes.ts';
import { atMost, type Row } from '../row.ts';

const SETTLE_MS = 10_000;
const WATCH_MS = 20_000;

interface Idle {
  readonly rss: number;
  readonly pss: number;
  readonly cpu: number;
  readonly processes: number;
}

/** What `millrace start` takes while there is nothing to do: all its processes together. */
export const row: Row = async () => {
  const homes = [await productHome(), await thinHome()] as const;
  const measured: Idle[] = [];
  for (const home of homes) {
    const server = await home.start();
    measured.push(await idle(server));
    await server.stop();
    await home.remove();
  }
  const [product, floor] = measured as [Idle, Idle];
  const all = `${product.processes} processes, ${SETTLE_MS / 1000} s after the start`;
  return [
    {
      name: 'idle_rss_mb',
      value: product.rss,
      unit: 'MB',
      floor: floor.rss,
      goal: null,
      note: `resident memory, added up over ${all}; pages that they share count in each`,
    },
    {
      name: 'idle_pss_mb',
      value: product.pss,
      unit: 'MB',
      floor: floor.pss,
      goal: atMost(150),
      note: 'the same, shared pages counted once: what the machine has less of',
    },
    {
      name: 'idle_cpu_percent',
      value: product.cpu,
      unit: '%',
      floor: floor.cpu,
      goal: atMost(1),
      note: `of one core, over ${WATCH_MS / 1000} s`,
    },
  ];
};

async function idle({ pid }: OwnProcess): Promise<Idle> {
  await sleep(SETTLE_MS);
  const members = processTree(pid);
  const cpu = () => members.reduce((sum, member) => sum + cpuSecondsOf(member), 0);
  const before = cpu();
  const begun = performance.now();
  await sleep(WATCH_MS);
  const percent = ((cpu() - before) / ((performance.now() - begun) / 1000)) * 100;
  const memory = members.map(memoryOf);
  const sum = (field: 'rss' | 'pss') => memory.reduce((total, each) => total + each[field], 0);
  return { rss: sum('rss'), pss: sum('pss'), cpu: percent, processes: members.length };
}
