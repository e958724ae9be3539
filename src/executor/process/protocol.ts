import type { AttemptReason } from '../../model/states.ts';
import type {
  Answer,
  AttemptOrder,
  LogLine,
  Outcome,
  Question,
  Report,
  RunFacts,
  RunnerQuestion,
  StepRef,
  StepReport,
} from '../executor.ts';

/**
 * What server and worker process say to each other, as JSON over the channel that fork() opens. Each side puts what
 * came together in one turn of its event loop into one message. JSON, because it costs half of what the structured
 * clone of `serialization: 'advanced'` costs for messages like these (bench/executor.ts).
 */

/** The worker's first message: what it needs to know about itself. */
export interface WorkerSetup {
  /** Its name in logs and reports: `worker-2`. */
  readonly name: string;
  /** Where stored values lie: a folder, or `s3://bucket/prefix`. */
  readonly objects: string;
  /** Longest encoded output that travels inline, in bytes. */
  readonly inlineLimit: number;
}

export type ToWorker =
  | ({ readonly kind: 'setup' } & WorkerSetup)
  | { readonly kind: 'run'; readonly runs: readonly RunFacts[]; readonly orders: readonly AttemptOrder[] }
  | { readonly kind: 'cancel'; readonly token: string; readonly reason: AttemptReason }
  | { readonly kind: 'answer'; readonly question: number; readonly answer: Answer }
  | { readonly kind: 'steps'; readonly token: string; readonly numbers: readonly number[] }
  | { readonly kind: 'ping'; readonly number: number };

/** Everything is optional: a message carries what there is. */
export interface FromWorker {
  /** It can take orders. */
  readonly ready?: true;
  /** Bodies with a time-out that begin now. */
  readonly begun?: readonly string[];
  /**
   * Attempts that were told to stop by the worker itself, with what they end as when the body does not end by itself
   * and has to be killed.
   */
  readonly stopping?: readonly (readonly [token: string, outcome: Outcome])[];
  /** News of flows' calls; it is taken before reports. */
  readonly steps?: readonly (readonly [token: string, steps: readonly StepReport[]])[];
  readonly reports?: readonly Report[];
  readonly logs?: readonly (readonly [token: string, lines: readonly LogLine[], step?: StepRef | undefined])[];
  readonly names?: readonly (readonly [token: string, name: string])[];
  readonly progress?: readonly (readonly [token: string, progress: Progress, step?: StepRef | undefined])[];
  readonly questions?: readonly (readonly [number: number, token: string, question: Question | RunnerQuestion])[];
  readonly pong?: number;
}

export interface Progress {
  readonly done: number;
  readonly total: number | null;
}

/** Environment variable that carries the file descriptor whose closing tells that the server is gone. */
export const LIFELINE = 'MILLRACE_LIFELINE_FD';
