import type { BundleRef } from '../executor/executor.ts';
import { MillraceError } from '../model/errors.ts';
import type { WorkflowSpec } from '../model/spec.ts';
import { BundleCache } from '../runner/worker/bundle-cache.ts';
import type { DrawnWorkflow } from '../sdk/drawn.ts';
import { workflowNamed } from './names.ts';
import { publishPipelines } from './pipelines-now.ts';
import type { Session } from './session.ts';

export interface InlineCode {
  readonly spec: WorkflowSpec;
  readonly bundle: BundleRef;
  readonly drawn: DrawnWorkflow;
}

/**
 * The code of a workflow as its file is now, in this process. Only for `dags test` and `tasks test`, which are the
 * author's own processes: a server never does this.
 */
export async function inlineCode(session: Session, name: string): Promise<InlineCode> {
  await publishPipelines(session);
  const { spec, versionId, file } = await workflowNamed(session, name);
  const { queries } = await session.store();
  const version = await queries.version(versionId);
  if (!version) throw new MillraceError('not_found', `${name} (${file}) has no version`, { fix: 'millrace check' });
  const bundle = { hash: version.bundleHash, path: version.bundlePath };
  // Bundles get this copy of the package, as in a worker.
  await import('../runner/child/preload-main.ts');
  return { spec, bundle, drawn: await new BundleCache().load(bundle, name) };
}
