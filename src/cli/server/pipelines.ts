import type { Publication } from '../../engine/operations.ts';
import type { BundleRef } from '../../executor/executor.ts';
import type { ImportError } from '../../loader/import-error.ts';
import type { WorkflowSpec } from '../../model/spec.ts';
import { canonicalSpec } from '../../sdk/canonical.ts';

/** What the loader found in one file. A file that is gone defines nothing. */
export interface LoadedFile {
  readonly file: string;
  readonly bundle: BundleRef | null;
  readonly workflows: readonly WorkflowSpec[];
  readonly errors: readonly ImportError[];
}

/** A file's share in what is published, and everything that is wrong with it. */
export interface Share {
  readonly publication: Publication;
  /** Each with the file that it is in, which may be one that the pipeline file imports. */
  readonly errors: readonly ImportError[];
}

/**
 * Which file defines which workflow, so that two files cannot take one from each other again and again: the first one
 * keeps it, the second one gets an error.
 */
export class Pipelines {
  readonly #owners = new Map<string, string>();

  /** What is to be published of a file, beside what the other files define. */
  share({ file, bundle, workflows, errors }: LoadedFile): Share {
    const taken = workflows.filter(({ id }) => (this.#owners.get(id) ?? file) !== file);
    const own = workflows.filter((workflow) => !taken.includes(workflow));
    const all = [...errors, ...taken.map(({ id }) => this.#duplicate(file, id))];
    if (errors.length === 0) {
      for (const [id, owner] of this.#owners) if (owner === file) this.#owners.delete(id);
    }
    for (const { id } of own) this.#owners.set(id, file);
    const publication = {
      file,
      bundleHash: bundle?.hash ?? '',
      bundlePath: bundle?.path ?? '',
      workflows: bundle ? own.map((spec) => ({ spec, canonical: canonicalSpec(spec) })) : [],
      errors: all.map((error) => filedUnder(file, error)),
    };
    return { publication, errors: all };
  }

  #duplicate(file: string, id: string): ImportError {
    return {
      file,
      line: null,
      column: null,
      code: 'duplicate_dag',
      message: `DAG '${id}' is defined by ${this.#owners.get(id)} already`,
      fix: 'Rename one of them.',
      frame: null,
    };
  }
}

/** Errors are kept by pipeline file; one that is in a file which it imports says so. */
function filedUnder(pipeline: string, { file, ...error }: ImportError): Publication['errors'][number] {
  if (file === pipeline) return error;
  const place = error.line === null ? file : `${file}:${error.line}`;
  return { ...error, line: null, column: null, message: `${error.message} (${place})` };
}
