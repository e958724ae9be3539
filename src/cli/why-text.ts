import { VersionCache } from '../insight/version-cache.ts';
import { type Why, why } from '../insight/why.ts';
import type { Session } from './session.ts';
import type { Terminal } from './terminal.ts';
import { instant } from './times.ts';

interface Asked {
  readonly dagId: string;
  readonly runId: string;
  readonly taskId?: string;
  readonly mapIndex?: number | undefined;
}

/** Asks why something does not run and prints the answer: that of the API, from the store itself. */
export async function printWhy(session: Session, asked: Asked): Promise<void> {
  const store = await session.store();
  const answer = await why({ store, clock: session.clock }, new VersionCache(), asked);
  session.terminal.data(answer, () => whyText(session.terminal, answer));
}

function whyText(terminal: Terminal, { waiting, total }: Why): string {
  if (waiting.length === 0) return 'Nothing waits.';
  const shown = waiting.map((entry) => entryText(terminal, entry));
  const told = waiting.reduce((sum, { instances }) => sum + instances, 0);
  return [...shown, ...(total > told ? [`${total - told} more wait.`] : [])].join('\n\n');
}

type Waiting = Why['waiting'][number];
type Reason = Waiting['reasons'][number];

function entryText(terminal: Terminal, { task_id, map_index, instances, state, reasons, passing, ...of }: Waiting) {
  const { bold, dim } = terminal.colours;
  const element = map_index !== null && map_index >= 0 && instances === 1 ? `[${map_index}]` : '';
  const name = task_id === null ? `run ${of.dag_run_id}` : `${task_id}${element}`;
  const many = instances > 1 ? `, ${instances} instances` : '';
  return [
    `${bold(name)}${many}  ${terminal.state(state ?? 'no state yet')}`,
    ...(reasons.length === 0 && state !== 'running' ? ['  Nothing is in its way: it starts within a second.'] : []),
    ...reasons.flatMap((reason) => reasonLines(reason).map((line, at) => (at === 0 ? `  ${line}` : `    ${line}`))),
    ...(passing.length === 0 ? [] : [dim(`  In order: ${passing.join('; ')}.`)]),
  ].join('\n');
}

/** The fact, then what it needs, when it passes, who holds it, and what can be done. */
function reasonLines({ fact, needs, until, since, holders, remedies }: Reason): string[] {
  const held = holders.map(({ dag_id, dag_run_id, task_id, slots }) => {
    const place = [dag_id, dag_run_id, task_id].filter((part) => part !== null).join(' ');
    return `${place} ${slots}`;
  });
  return [
    fact,
    ...(needs === null ? [] : [needs]),
    ...(until === null ? [] : [`Until ${instant(Date.parse(until))}.`]),
    ...(since === null ? [] : [`Since ${instant(Date.parse(since))}.`]),
    ...(held.length === 0 ? [] : [`Held by: ${held.join(', ')}`]),
    ...remedies.filter(({ command }) => command !== null).map(({ label, command }) => `${label}: ${command}`),
  ];
}
