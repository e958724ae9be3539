import type { ThinGraph } from './thin-graph.ts';

export interface ThinOrder {
  readonly token: string;
  readonly run: number;
  readonly task: number;
  readonly attempt: number;
  /** The body: `flow…` makes the worker call steps. */
  readonly body: string;
}

export interface ThinReport {
  readonly token: string;
  readonly run: number;
  readonly task: number;
  readonly attempt: number;
  readonly output: string | null;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** A call of a flow that has ended: a row is inserted for it, which no claim came before. */
export interface ThinStep extends Omit<ThinReport, 'token'> {
  readonly name: string;
}

export interface ThinBatch {
  readonly reports: readonly ThinReport[];
  readonly steps: readonly ThinStep[];
  /** How many may be claimed. */
  readonly room: number;
}

/** The store of the thin engine. One call is one durable transaction. */
export interface ThinStore {
  /** The run with its instances; what waits for nothing is queued. */
  trigger(graph: ThinGraph): Promise<number>;
  /** What has ended, what that makes ready, which runs that ends, and what is claimed. */
  batch(batch: ThinBatch): Promise<{ readonly claimed: readonly ThinOrder[]; readonly ended: readonly number[] }>;
  close(): Promise<void>;
}
