import type { ErrorCode } from '../model/errors.ts';
import type { Input } from './input.ts';

/** Why a pipeline file, or one of its workflows, cannot be used. Lines and columns count from 1. */
export interface ImportError {
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly code: ErrorCode;
  readonly message: string;
  /** What to do about it. */
  readonly fix: string | null;
  /** Some lines of the file around the place, ready to print. */
  readonly frame: string | null;
}

/** Thrown inside the loader to end the reading of one file; never leaves it. */
export class ImportFailure extends Error {
  readonly errors: readonly ImportError[];
  /** Files that, changed, may mend it. */
  readonly inputs: readonly Input[];

  constructor(errors: readonly ImportError[], inputs: readonly Input[] = []) {
    super(errors[0]?.message ?? 'the file cannot be read');
    this.errors = errors;
    this.inputs = inputs;
  }
}
