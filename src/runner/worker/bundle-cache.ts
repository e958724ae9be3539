import { pathToFileURL } from 'node:url';
import type { BundleRef } from '../../executor/executor.ts';
import { MillraceError } from '../../model/errors.ts';
import { captureWorkflows, type DrawnWorkflow } from '../../sdk/drawn.ts';

type Workflows = ReadonlyMap<string, DrawnWorkflow>;

/** The workflows of the bundles that this process has imported: each bundle once, by its hash. */
export class BundleCache {
  readonly #loaded = new Map<string, Workflows>();
  readonly #loading = new Map<string, Promise<Workflows>>();
  #imports = 0;

  /**
   * A workflow of a bundle; at once where the bundle is known.
   * @throws MillraceError `not_found`, and what the import throws. An import that failed is tried again by the next one.
   */
  load(bundle: BundleRef, id: string): DrawnWorkflow | Promise<DrawnWorkflow> {
    const loaded = this.#loaded.get(bundle.hash);
    if (loaded) return workflowOf(loaded, bundle, id);
    return this.#import(bundle).then((workflows) => workflowOf(workflows, bundle, id));
  }

  #import(bundle: BundleRef): Promise<Workflows> {
    const loading = this.#loading.get(bundle.hash);
    if (loading) return loading;
    const started = this.#capture(bundle).finally(() => this.#loading.delete(bundle.hash));
    this.#loading.set(bundle.hash, started);
    return started;
  }

  async #capture({ hash, path }: BundleRef): Promise<Workflows> {
    // A number of its own, because the platform remembers a failed import for ever.
    const url = `${pathToFileURL(path).href}?import=${++this.#imports}`;
    const drawn = await captureWorkflows(() => import(url));
    const workflows = new Map(drawn.map((workflow) => [workflow.spec.id, workflow]));
    this.#loaded.set(hash, workflows);
    return workflows;
  }
}

function workflowOf(workflows: Workflows, { hash }: BundleRef, id: string): DrawnWorkflow {
  const found = workflows.get(id);
  if (found) return found;
  throw new MillraceError('not_found', `bundle ${hash.slice(0, 12)} has no workflow '${id}'`, {
    fix: 'Let the file define the same workflows every time it is read.',
  });
}
