import type { WorkflowSpec } from '../model/spec.ts';
import type { RunRow } from '../store/rows.ts';
import { rememberedOf } from './remembered.ts';
import type { Sources } from './sources.ts';
import { VersionCache } from './version-cache.ts';

const versionsOf = rememberedOf(() => new VersionCache());

interface Known {
  readonly versionId: number;
  /** Where it has been read anyway. */
  readonly spec?: WorkflowSpec;
}

/** By run, what the version says that it runs on: in another one, tasks may have other numbers. */
export async function specsOf(
  { store }: Pick<Sources, 'store'>,
  known: readonly Known[],
  runs: readonly Pick<RunRow, 'id' | 'versionId'>[],
): Promise<ReadonlyMap<number, WorkflowSpec>> {
  const specs = new Map(known.flatMap(({ versionId, spec }) => (spec ? [[versionId, spec] as const] : [])));
  const others = [...new Set(runs.map(({ versionId }) => versionId))].filter((id) => !specs.has(id));
  const versions = versionsOf(store.readings);
  for (const version of await Promise.all(others.map((id) => versions.get(store.queries, id))))
    specs.set(version.id, version.spec);
  return new Map(
    runs.flatMap(({ id, versionId }) => {
      const spec = specs.get(versionId);
      return spec ? [[id, spec] as const] : [];
    }),
  );
}
