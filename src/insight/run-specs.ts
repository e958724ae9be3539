import type { WorkflowSpec } from '../model/spec.ts';
import type { RunRow } from '../store/rows.ts';
import type { KnownWorkflow } from '../store/store.ts';
import type { Sources } from './sources.ts';

/** By run, what the version says that it runs on: in another one, tasks may have other numbers. */
export async function specsOf(
  { store }: Pick<Sources, 'store'>,
  known: readonly KnownWorkflow[],
  runs: readonly RunRow[],
): Promise<ReadonlyMap<number, WorkflowSpec>> {
  const specs = new Map(known.map(({ versionId, spec }) => [versionId, spec]));
  const older = [...new Set(runs.map(({ versionId }) => versionId))].filter((id) => !specs.has(id));
  for (const version of await Promise.all(older.map((id) => store.queries.version(id))))
    if (version) specs.set(version.id, version.spec);
  return new Map(
    runs.flatMap(({ id, versionId }) => {
      const spec = specs.get(versionId);
      return spec ? [[id, spec] as const] : [];
    }),
  );
}
