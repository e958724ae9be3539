import type { WorkflowSpec } from '../model/spec.ts';

/** What the evaluating child process is asked. */
export interface EvaluationRequest {
  readonly number: number;
  /** When it is looked where the file hangs, should it still be read then. */
  readonly lookAfterMs: number;
  /** The bundle. */
  readonly path: string;
}

/** To the thread that looks where a file hangs; null: the file has been read. */
export interface HangWatch {
  readonly lookAfterMs: number | null;
}

/** Begins the lines on stderr that say where a file hangs, innermost frame first. */
export const HANGS_AT = 'millrace-hangs-at';

/** An error as it was thrown by a pipeline file. */
export interface ThrownError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | null;
  /** A MillraceError's, or the `code` of an error of the platform. */
  readonly code: string | null;
  readonly fix: string | null;
  readonly place: { readonly file: string; readonly line: number | null; readonly column: number | null } | null;
}

export type EvaluationReply =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'drawn';
      readonly number: number;
      readonly workflows: readonly WorkflowSpec[];
      /** Ids of the workflows that came out differently when they were drawn a second time. */
      readonly varying: readonly string[];
      readonly heapUsed: number;
    }
  | { readonly kind: 'threw'; readonly number: number; readonly error: ThrownError }
  /** The file calls process.exit(): the process ends right after. */
  | { readonly kind: 'exiting'; readonly exitCode: number; readonly stack: string };

/** How the evaluation of a file ended. */
export type Evaluation =
  | { readonly kind: 'drawn'; readonly workflows: readonly WorkflowSpec[]; readonly varying: readonly string[] }
  | { readonly kind: 'threw'; readonly error: ThrownError }
  | { readonly kind: 'timeout'; readonly limitMs: number; readonly stack: string | null }
  | {
      readonly kind: 'exited';
      readonly exitCode: number | null;
      readonly signal: string | null;
      readonly stack: string | null;
    }
  | { readonly kind: 'out_of_memory'; readonly limitMb: number };
