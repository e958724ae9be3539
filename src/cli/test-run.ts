import { Engine } from '../engine/engine.ts';
import { publish, putPool, trigger } from '../engine/operations.ts';
import type { LogLine } from '../executor/executor.ts';
import { InlineExecutor } from '../executor/inline/inline-executor.ts';
import { EventStream } from '../insight/event-stream.ts';
import { isRunFinished } from '../model/states.ts';
import { memoryObjects } from '../objects/memory.ts';
import { canonicalSpec } from '../sdk/canonical.ts';
import type { AttemptRow, InstanceRow, NewEvent, RunRow, VersionRow } from '../store/rows.ts';
import { SqliteStore } from '../store/sqlite/store.ts';
import { tellEvent } from './follow-run.ts';
import { type InlineCode, inlineCode } from './inline-code.ts';
import { logText } from './log-text.ts';
import { randomIds } from './server/ids.ts';
import { Narrator } from './server/run-event.ts';
import { finderOver } from './server/server.ts';
import type { Session } from './session.ts';

export interface TestedRun {
  readonly run: RunRow;
  readonly version: VersionRow;
  readonly instances: readonly InstanceRow[];
  readonly attempts: readonly AttemptRow[];
}

export interface TestRequest {
  readonly name: string;
  readonly conf: Readonly<Record<string, unknown>>;
  readonly logicalDate: number;
}

/**
 * Runs a DAG from beginning to end in this process, on a store in memory: nothing of it is recorded. Connections,
 * variables and secrets are those of the session; pools have no limit.
 */
export async function testRun(session: Session, request: TestRequest): Promise<TestedRun> {
  const code = await inlineCode(session, request.name);
  const store = SqliteStore.open(':memory:');
  await store.migrate();
  const stream = new EventStream<NewEvent>();
  const { clock, home, env, terminal } = session;
  const engine = new Engine({
    store,
    executor: new InlineExecutor({ clock, objects: memoryObjects(clock), workflows: () => [code.drawn] }),
    clock,
    ids: randomIds,
    lookup: finderOver(await session.store(), { home: home.folder, env }),
    mailer: null,
    name: 'test',
    peers: 'none',
    onError: (error) => terminal.say(String(error)),
    onEvents: (events) => stream.push(events),
  });
  await engine.start();
  try {
    const { id } = await engine.command(async (e) => {
      for (const pool of new Set(code.spec.tasks.map((task) => task.pool))) {
        await putPool(e, { name: pool, slots: -1, description: '', includeDeferred: false });
      }
      await publish(e, unscheduled(code));
      return trigger(e, randomIds, {
        workflow: request.name,
        conf: request.conf,
        logicalDate: request.logicalDate,
        triggeredBy: 'test',
      });
    });
    await tellUntilEnd(session, store, { id, events: stream.read(new AbortController().signal) });
    const run = (await store.queries.run(id))!;
    return {
      run,
      version: (await store.queries.version(run.versionId))!,
      instances: await store.queries.instances(id),
      attempts: await store.queries.attempts(id),
    };
  } finally {
    await engine.stop(0);
    await store.close();
  }
}

/** The workflow without runs of its own: its schedule has ended, its timetable still gives data intervals. */
function unscheduled({ spec, bundle }: InlineCode) {
  const ended = { ...spec, endDate: Number.MIN_SAFE_INTEGER, startDate: null, pausedUponCreation: false };
  return {
    file: 'test',
    bundleHash: bundle.hash,
    bundlePath: bundle.path,
    workflows: [{ spec: ended, canonical: canonicalSpec(ended) }],
    errors: [],
  };
}

async function tellUntilEnd(
  { terminal }: Session,
  store: SqliteStore,
  { id, events }: { readonly id: number; readonly events: AsyncIterable<NewEvent> },
): Promise<void> {
  const narrator = new Narrator(store.queries);
  let after = 0;
  const tellLogs = async () => {
    for (const chunk of await store.queries.logs({ run: id, after })) {
      after = chunk.id;
      const run = await store.queries.run(id);
      const spec = run && (await store.queries.version(run.versionId))?.spec;
      const task = spec?.tasks[chunk.task]?.id ?? String(chunk.task);
      const who = { name: chunk.index < 0 ? task : `${task}[${chunk.index}]`, attempt: chunk.attempt };
      for (const line of chunk.lines.split('\n')) terminal.say(logText(terminal, who, JSON.parse(line) as LogLine));
    }
  };
  for await (const event of events) {
    await tellLogs();
    for (const told of await narrator.tell([event])) {
      tellEvent(terminal, told);
      if (told.kind === 'run' && isRunFinished(told.state as RunRow['state'])) return;
    }
  }
}
