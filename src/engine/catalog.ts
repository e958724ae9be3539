import { MillraceError } from '../model/errors.ts';
import type { RunRow, VersionRow } from '../store/rows.ts';
import type { Tx } from '../store/store.ts';
import { WorkflowGraph } from './graph.ts';

/** A version with everything that was computed from it. */
export interface Version {
  readonly row: VersionRow;
  readonly graph: WorkflowGraph;
}

/** Versions by id, read once each: what an id stands for never changes. */
export class Catalog {
  readonly #versions = new Map<number, Version>();

  async version(tx: Tx, id: number): Promise<Version> {
    const known = this.#versions.get(id);
    if (known) return known;
    const row = await tx.workflows.version(id);
    if (!row) throw new MillraceError('internal', `version ${id} of a workflow is not in the database`);
    return this.keep(row);
  }

  async ofRun(tx: Tx, run: RunRow): Promise<Version> {
    return this.version(tx, run.versionId);
  }

  keep(row: VersionRow): Version {
    const version = { row, graph: new WorkflowGraph(row.spec) };
    this.#versions.set(row.id, version);
    return version;
  }
}
