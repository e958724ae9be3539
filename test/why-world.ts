import { expect } from 'vitest';
import { putPool } from '../src/engine/operations.ts';
import { EngineWorld } from '../src/engine/testing/engine-world.ts';
import { type DagSketch, dagSpec, type TaskSketch } from '../src/engine/testing/spec-builder.ts';
import { VersionCache } from '../src/insight/version-cache.ts';
import { why } from '../src/insight/why.ts';
import type { RunRow } from '../src/store/rows.ts';
import { SqliteStore } from '../src/store/sqlite/store.ts';
import { commandFault } from './command-fault.ts';

interface Asked {
  readonly taskId?: string;
  readonly mapIndex?: number;
  /** When it is asked; default: now. */
  readonly at?: number;
}

/** An engine with a DAG `d` whose bodies are held, which is asked why it does not run. */
export class WhyWorld {
  readonly store: SqliteStore;
  readonly engine: EngineWorld;

  private constructor(store: SqliteStore, engine: EngineWorld) {
    this.store = store;
    this.engine = engine;
  }

  static async start(tasks: Record<string, TaskSketch>, dag: DagSketch = {}, capacity = 64): Promise<WhyWorld> {
    const store = await migrated();
    const engine = await EngineWorld.start(store, { capacity });
    engine.executor.answerOthers('hold');
    await engine.publish(dagSpec('d', tasks, dag));
    return new WhyWorld(store, engine);
  }

  /** On which no server runs. */
  static async unserved(): Promise<WhyWorld> {
    const store = await migrated();
    return new WhyWorld(store, EngineWorld.on(store));
  }

  async end(): Promise<void> {
    expect(this.engine.errors).toEqual([]);
    await this.engine.engine.stop(0);
    await this.store.close();
  }

  run(runId: string): Promise<RunRow> {
    return this.engine.trigger('d', { runId });
  }

  pool(name: string, slots: number): Promise<void> {
    return this.engine.do((e) => putPool(e, { name, slots, description: '', includeDeferred: false }));
  }

  /** What waits. Every command that is proposed can be given as it stands. */
  async about(runId: string, { taskId, mapIndex, at = this.engine.clock.now() }: Asked = {}) {
    const sources = { store: this.store, clock: { now: () => at } };
    const { waiting } = await why(sources, new VersionCache(), { dagId: 'd', runId, taskId, mapIndex });
    for (const command of waiting.flatMap(({ reasons }) => commandsOf(reasons)))
      expect(await commandFault(command)).toBeNull();
    return waiting;
  }

  /** Of the one thing that waits. */
  async reasons(runId: string, asked: Asked = {}) {
    const [first, ...more] = await this.about(runId, asked);
    expect(more).toEqual([]);
    return first?.reasons ?? [];
  }
}

async function migrated(): Promise<SqliteStore> {
  const store = SqliteStore.open(':memory:');
  await store.migrate();
  return store;
}

type Reasons = Awaited<ReturnType<typeof why>>['waiting'][number]['reasons'];

export const commandsOf = (reasons: Reasons): string[] =>
  reasons.flatMap(({ remedies }) => remedies.flatMap(({ command }) => (command === null ? [] : [command])));
