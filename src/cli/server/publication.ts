import type { Publication } from '../../engine/operations.ts';
import type { LoadResult } from '../../loader/load-result.ts';
import { canonicalSpec } from '../../sdk/canonical.ts';

/** What is published of a pipeline file. */
export function publicationOf({ file, bundle, workflows, errors }: LoadResult): Publication {
  return {
    file,
    bundleHash: bundle?.hash ?? '',
    bundlePath: bundle?.path ?? '',
    workflows: bundle ? workflows.map((spec) => ({ spec, canonical: canonicalSpec(spec) })) : [],
    errors: errors.map((error) => filedUnder(file, error)),
  };
}

/** Errors are kept by pipeline file; one that is in a file which it imports says so. */
function filedUnder(pipeline: string, { file, ...error }: LoadResult['errors'][number]): Publication['errors'][number] {
  if (file === pipeline) return error;
  const place = error.line === null ? file : `${file}:${error.line}`;
  return { ...error, line: null, column: null, message: `${error.message} (${place})` };
}
