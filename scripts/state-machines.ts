/**
 * Draws docs/STATE_MACHINES.md from the tables in src/model/transitions.ts. With --check it writes nothing and fails
 * when the page is not the tables'.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { RUN_STATES, TASK_STATES } from '../src/model/states.ts';
import { RUN_TRANSITIONS, TASK_TRANSITIONS, type Transition } from '../src/model/transitions.ts';

const page = new URL('../docs/STATE_MACHINES.md', import.meta.url);

interface Machine {
  readonly title: string;
  readonly states: readonly string[];
  readonly first: string;
  readonly transitions: readonly Transition<string>[];
}

/** Moves that go on by themselves; what people do would hide them behind a hedge of arrows. */
const automatic = ({ transitions }: Machine) => transitions.filter(({ actor }) => actor !== 'operator');

function diagram(machine: Machine): string {
  const arrows = automatic(machine).flatMap(({ from, to, event }) => from.map((state) => ({ state, to, event })));
  const pairs = Map.groupBy(arrows, ({ state, to }) => `${state} --> ${to}`);
  const lines = [...pairs].map(([pair, moves]) => `  ${pair}: ${moves.map(({ event }) => event).join(', ')}`);
  const left = new Set(arrows.map(({ state }) => state));
  const last = machine.states.filter((state) => !left.has(state)).map((state) => `  ${state} --> [*]`);
  return ['```mermaid', 'stateDiagram-v2', `  [*] --> ${machine.first}`, ...lines, ...last, '```'].join('\n');
}

function table({ transitions }: Machine): string {
  const rows = transitions.map(
    ({ event, actor, from, to, meaning }) =>
      `| ${event} | ${actor} | ${from.map((state) => `\`${state}\``).join(', ')} | \`${to}\` | ${meaning} |`,
  );
  return ['| move | who | from | to | when |', '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}

const section = (machine: Machine) => `## ${machine.title}\n\n${diagram(machine)}\n\n${table(machine)}\n`;

const text = `# State machines

Generated from src/model/transitions.ts by \`npm run docs:generate\`; do not edit. Every change of state in the store is guarded by the states it may come from, and nothing else changes a state. The diagrams leave out what people do (the moves of \`operator\` in the tables).

${section({ title: 'Task instance', states: TASK_STATES, first: 'none', transitions: TASK_TRANSITIONS })}
${section({ title: 'Run', states: RUN_STATES, first: 'queued', transitions: RUN_TRANSITIONS })}`;

if (process.argv.includes('--check')) {
  let current = '';
  try {
    current = readFileSync(page, 'utf8');
  } catch {
    // A missing page is a page that differs.
  }
  if (current !== text) {
    console.error('docs/STATE_MACHINES.md differs from src/model/transitions.ts.\nFix: npm run docs:generate');
    process.exitCode = 1;
  }
} else {
  writeFileSync(page, text);
}
