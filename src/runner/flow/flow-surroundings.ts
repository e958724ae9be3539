import type { Answer, Question, RunFacts, RunnerQuestion } from '../../executor/executor.ts';
import type { Masker } from '../../model/mask.ts';
import type { FlowRuntime } from '../../sdk/scope.ts';
import type { AttemptEnvironment } from '../attempt-environment.ts';
import type { StopCause } from '../stop-cause.ts';
import type { StopSwitch } from '../stop-switch.ts';
import type { Journal } from './journal.ts';
import type { Occurrences } from './occurrences.ts';
import type { StepReports } from './step-reports.ts';

/** What all calls of one attempt of a flow's body share. */
export interface SharedByCalls {
  readonly token: string;
  readonly run: RunFacts;
  readonly environment: AttemptEnvironment;
  readonly masker: Masker;
  readonly journal: Journal;
  readonly reports: StepReports;
  /** Whether the attempt has been told to stop. */
  readonly stopped: boolean;
  /** Whether a call was refused since: whatever the code makes of that is not what it would have come to. */
  interrupted: boolean;
  readonly ask: (question: Question | RunnerQuestion) => Promise<Answer>;
  /** A call began, or was answered from the record. */
  moved(): void;
  /** Resolves when no call begins or is answered from the record any more, as far as the code goes by itself. */
  quiet(): Promise<void>;
  /** A body that has begun; its end is waited for, unless it is given up. Returns what gives it up. */
  began(body: Promise<unknown>): () => void;
}

/** Where a call stands in the record. */
export interface StepPlace {
  readonly task: number;
  readonly index: number;
  readonly name: string;
  readonly inputHash: string | null;
}

/** What surrounds the calls of one body: that of the flow itself, or of a child flow. */
export interface StepSurroundings {
  readonly attempt: SharedByCalls;
  readonly prints: boolean;
  /** Whether the body may run again in this attempt, and then asks for what its calls gave. */
  readonly repeats: boolean;
  readonly params: () => Readonly<Record<string, unknown>>;
  /** Aborts when the body is told to stop. */
  readonly signal: AbortSignal;
  readonly occurrences: Occurrences;
  /** The name under which a call is recorded. */
  fullName(name: string, key: string | null): string;
  /** Throws when the body has been told to stop: none of its calls begins or ends any more. */
  checkGoing(): void;
  /** For the calls of a child flow. */
  child(options: ChildOptions): ChildCalls;
}

export interface ChildOptions {
  /** Before the names of its calls: `child/0/`. */
  readonly prefix: string;
  readonly stop: StopSwitch;
  readonly params: () => Readonly<Record<string, unknown>>;
  readonly prints: boolean;
  readonly repeats: boolean;
}

export interface ChildCalls extends FlowRuntime {
  stop(cause: StopCause): void;
  /** Waits for the calls that nobody has waited for. */
  idle(): Promise<void>;
}
