import type { WorkflowSpec } from '../model/spec.ts';
import type { ImportError } from './import-error.ts';
import type { LoadResult } from './load-result.ts';

/**
 * Which file defines which workflow, so that two files cannot take one from each other again and again: the first one
 * keeps it, and the second one gets an error until the first one lets go. A file with errors lets go of nothing.
 */
export class WorkflowOwners {
  readonly #owners = new Map<string, string>();

  /** What each of all files may define, beside the others. */
  settle(found: readonly LoadResult[]): LoadResult[] {
    const files = new Map(found.map((result) => [result.file, result]));
    for (const [id, owner] of this.#owners) {
      const result = files.get(owner);
      const keeps = result && (result.errors.length > 0 || result.workflows.some((spec) => spec.id === id));
      if (!keeps) this.#owners.delete(id);
    }
    return found.map((result) => this.#share(result));
  }

  #share(result: LoadResult): LoadResult {
    const { file, workflows, errors } = result;
    for (const { id } of workflows) if (!this.#owners.has(id)) this.#owners.set(id, file);
    const taken = workflows.filter(({ id }) => this.#owners.get(id) !== file);
    if (taken.length === 0) return result;
    return {
      ...result,
      workflows: workflows.filter((spec) => !taken.includes(spec)),
      errors: [...errors, ...taken.map((spec) => duplicate(file, spec, this.#owners.get(spec.id)))],
    };
  }
}

function duplicate(file: string, { id, kind }: WorkflowSpec, owner: string | undefined): ImportError {
  return {
    file,
    line: null,
    column: null,
    code: 'duplicate_dag',
    message: `${kind === 'flow' ? 'flow' : 'DAG'} '${id}' is defined by ${owner} already`,
    fix: 'Rename one of them.',
    frame: null,
  };
}
