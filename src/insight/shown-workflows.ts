import type { SpecHead } from '../model/spec.ts';
import type { ListedWorkflow } from '../store/rows.ts';
import { rememberedOf } from './remembered.ts';
import type { Sources } from './sources.ts';

/** A workflow as lists show it. */
export interface ShownWorkflow extends ListedWorkflow {
  readonly head: SpecHead;
}

/** As many heads are asked for at once: a statement has so many parameters at most. */
const AT_ONCE = 10_000;

/** By version. What a version says never changes: each is read and parsed once. */
const headsOf = rememberedOf(() => new Map<number, SpecHead>());

/** Workflows that are there; of their specs only what is said of the whole is read. */
export async function shownWorkflows({ store }: Pick<Sources, 'store'>): Promise<readonly ShownWorkflow[]> {
  const rows = await store.readings.workflows({ present: true });
  const shown = await withHeads({ store }, rows);
  const heads = headsOf(store.readings);
  if (heads.size > 2 * rows.length) forget(heads, new Set(rows.map(({ versionId }) => versionId)));
  return shown;
}

/** The same workflows with what is said of the whole. */
export async function withHeads(
  { store }: Pick<Sources, 'store'>,
  rows: readonly ListedWorkflow[],
): Promise<readonly ShownWorkflow[]> {
  const heads = headsOf(store.readings);
  const unknown = rows.flatMap(({ versionId }) => (heads.has(versionId) ? [] : [versionId]));
  for (let at = 0; at < unknown.length; at += AT_ONCE) {
    const read = await store.readings.specHeads(unknown.slice(at, at + AT_ONCE));
    for (const [version, head] of read) heads.set(version, head);
  }
  const shown = rows.flatMap((row) => {
    const head = heads.get(row.versionId);
    // Published anew between the two questions.
    return head ? [{ ...row, head }] : [];
  });
  return shown;
}

function forget(heads: Map<number, SpecHead>, current: ReadonlySet<number>): void {
  for (const version of heads.keys()) if (!current.has(version)) heads.delete(version);
}
