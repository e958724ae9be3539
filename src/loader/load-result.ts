import type { WorkflowSpec } from '../model/spec.ts';
import type { Bundle } from './bundle.ts';
import type { ImportError } from './import-error.ts';

/** What the loader found in one pipeline file. A file that is gone defines nothing and has no errors. */
export interface LoadResult {
  readonly file: string;
  /** Null where the file cannot be built, or is gone. */
  readonly bundle: Bundle | null;
  /** Those that the file defines and no other file did before. */
  readonly workflows: readonly WorkflowSpec[];
  /** Each with the file that it is in, which may be one that the pipeline file imports. */
  readonly errors: readonly ImportError[];
}

export function gone(file: string): LoadResult {
  return { file, bundle: null, workflows: [], errors: [] };
}
