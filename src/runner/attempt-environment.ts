import type { BundleRef } from '../executor/executor.ts';
import type { Clock } from '../model/clock.ts';
import type { ObjectStore } from '../objects/objects.ts';
import type { DrawnWorkflow } from '../sdk/drawn.ts';
import type { AttemptTransport } from './attempt-transport.ts';

/** What attempts of one process share. */
export interface AttemptEnvironment {
  readonly clock: Clock;
  readonly objects: ObjectStore;
  /** Longest encoded output that is reported inline, in bytes. */
  readonly inlineLimit: number;
  /** Name of the process, for people. */
  readonly worker: string;
  readonly transport: AttemptTransport;
  /** The code of a workflow. Throws when the bundle cannot be imported, or has no such workflow. */
  load(bundle: BundleRef, workflow: string): DrawnWorkflow | Promise<DrawnWorkflow>;
}
