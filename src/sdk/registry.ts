import { MillraceError } from '../model/errors.ts';
import type { DrawnWorkflow } from './drawn-workflow.ts';
import { placed } from './id.ts';
import type { PlaceProbe } from './place.ts';

interface Registry {
  /** Where dag() puts what it draws, or null: nobody is capturing. */
  capturing: Map<string, DrawnWorkflow> | null;
  /** Ends when the capture that is going on does. */
  last: Promise<unknown>;
}

// One registry per process, even when a bundle brings its own copy of the package.
const KEY = Symbol.for('millrace.registry');
type Holder = { [KEY]?: Registry };
const holder = globalThis as Holder;
holder[KEY] ??= { capturing: null, last: Promise.resolve() };
const registry: Registry = holder[KEY];

/**
 * Imports a pipeline file and gives the workflows that it makes, in order. Captures follow one another: what an import
 * makes cannot be told apart from what another makes at the same time. A module that was imported before makes nothing
 * again. Throws what the import throws, and `duplicate_dag`.
 */
export function captureWorkflows(load: () => Promise<unknown>): Promise<DrawnWorkflow[]> {
  const capture = registry.last.then(async () => {
    const capturing = new Map<string, DrawnWorkflow>();
    registry.capturing = capturing;
    try {
      await load();
    } finally {
      registry.capturing = null;
    }
    return [...capturing.values()];
  });
  registry.last = capture.catch(() => undefined);
  return capture;
}

/** Whether a file is being imported for the workflows that it makes. */
export function isCapturing(): boolean {
  return registry.capturing !== null;
}

/** Hands a workflow to the capture that is going on, if there is one. Throws `duplicate_dag`. */
export function register(workflow: DrawnWorkflow, place: PlaceProbe): void {
  const { id } = workflow.spec;
  if (registry.capturing?.has(id)) {
    throw new MillraceError('duplicate_dag', `there are two workflows with the id '${id}' in this file`, {
      fix: 'Rename one of them.',
      ...placed(place),
    });
  }
  registry.capturing?.set(id, workflow);
}
