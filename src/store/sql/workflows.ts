import type { WorkflowSpec } from '../../model/spec.ts';
import type { NextRun, VersionRow, WorkflowRow } from '../rows.ts';
import type { Workflows } from '../store.ts';
import { first, kept, type SqlRunner } from './builder.ts';
import { sql } from './kysely.ts';
import { parseVersion, parseWorkflow } from './parse.ts';

export function workflowsIn(runner: SqlRunner): Workflows {
  const { builder } = runner;
  const select = () =>
    builder
      .selectFrom('workflow')
      .innerJoin('workflow_version', 'workflow_version.id', 'workflow.version_id')
      .selectAll('workflow')
      .select('workflow_version.number');
  // Asked in every transaction that claims. Without a join: SQLite plans one anew for each id.
  const rowById = kept(
    builder
      .selectFrom('workflow')
      .selectAll()
      .select((eb) =>
        eb
          .selectFrom('workflow_version')
          .select('number')
          .whereRef('workflow_version.id', '=', 'workflow.version_id')
          .$asScalar()
          .as('number'),
      )
      .where('workflow.id', '=', 0),
  );

  const zero = { next_logical: 0, next_start: 0, next_end: 0, next_due: 0 };
  const none = sql<null>`NULL`;
  const noColumns = { next_logical: none, next_start: none, next_end: none, next_due: none };
  const nextAt = kept(builder.updateTable('workflow').set(zero).where('id', '=', 0));
  const noNext = kept(builder.updateTable('workflow').set(noColumns).where('id', '=', 0));
  const lastAt = kept(builder.updateTable('workflow').set({ last_start: 0, last_end: 0 }).where('id', '=', 0));

  async function byName(name: string): Promise<WorkflowRow | null> {
    const row = await first(runner, select().where('workflow.name', '=', name));
    return row && parseWorkflow(row);
  }

  async function version(id: number): Promise<VersionRow | null> {
    const row = await first(runner, builder.selectFrom('workflow_version').selectAll().where('id', '=', id));
    return row && parseVersion(row);
  }

  return {
    byName,
    version,

    async byId(id) {
      const row = await first(runner, rowById(id));
      return row && parseWorkflow(row);
    },

    async publish({ name, file, spec, canonical, bundleHash, bundlePath, at }) {
      const created = await create({ name, file, spec, canonical, bundleHash, bundlePath, at });
      if (created) return created;
      const known = (await lockByName(name))!;
      const latest = await version(known.versionId);
      const same = latest !== null && latest.bundleHash === bundleHash && JSON.stringify(latest.spec) === canonical;
      const versionId = same ? known.versionId : await nextVersion(known, { canonical, bundleHash, bundlePath, at });
      if (!same || !known.present || known.file !== file || latest.bundlePath !== bundlePath) {
        await runner.run(
          builder.updateTable('workflow').set({ file, present: 1, version_id: versionId }).where('id', '=', known.id),
        );
        if (same) {
          await runner.run(
            builder.updateTable('workflow_version').set({ bundle_path: bundlePath }).where('id', '=', versionId),
          );
        }
      }
      return { ...(await published(name)), changed: !same || !known.present, created: false };
    },

    async retire(file, names) {
      const gone = await runner.all(
        builder
          .selectFrom('workflow')
          .select(['id', 'name'])
          .where('file', '=', file)
          .where('present', '=', 1)
          .$if(names.length > 0, (query) => query.where('name', 'not in', [...names])),
      );
      for (const { id } of gone) {
        await runner.run(builder.updateTable('workflow').set({ present: 0 }).where('id', '=', id));
      }
      return gone.map(({ name }) => name);
    },

    async setPaused(id, paused) {
      const wanted = paused ? 1 : 0;
      const changed = await runner.run(
        builder.updateTable('workflow').set({ paused: wanted }).where('id', '=', id).where('paused', '!=', wanted),
      );
      return changed > 0;
    },

    async countRerun(id) {
      await runner.run(
        builder
          .updateTable('workflow')
          .set((eb) => ({ reruns: eb('reruns', '+', 1) }))
          .where('id', '=', id),
      );
    },

    async setNext(id, next) {
      await runner.run(next ? nextAt(...Object.values(nextColumns(next)), id) : noNext(id));
    },

    async setLastAutomated(id, { start, end }) {
      await runner.run(lastAt(start, end, id));
    },

    async due(now, limit) {
      const rows = await runner.all(
        select()
          .where('workflow.next_due', 'is not', null)
          .where('workflow.paused', '=', sql.lit(0))
          .where('workflow.present', '=', sql.lit(1))
          .where('workflow.next_due', '<=', now)
          .orderBy('workflow.next_due')
          .limit(limit),
      );
      return rows.map(parseWorkflow);
    },

    async nextDue() {
      const row = await first(
        runner,
        builder
          .selectFrom('workflow')
          .select('next_due')
          .where('next_due', 'is not', null)
          .where('paused', '=', sql.lit(0))
          .where('present', '=', sql.lit(1))
          .orderBy('next_due')
          .limit(1),
      );
      return row?.next_due ?? null;
    },

    async scheduled() {
      const rows = await runner.all(
        select().where('workflow.present', '=', sql.lit(1)).where('workflow.paused', '=', sql.lit(0)),
      );
      return rows.map(parseWorkflow);
    },
  };

  /** Two that publish the same workflow do it one after the other. SQLite has one writer anyway. */
  async function lockByName(name: string): Promise<WorkflowRow | null> {
    if (runner.dialect === 'postgres') {
      await runner.all(builder.selectFrom('workflow').select('id').where('name', '=', name).forUpdate());
    }
    return byName(name);
  }

  /** Null when there is one of this name. */
  async function create(workflow: {
    name: string;
    file: string;
    spec: WorkflowSpec;
    canonical: string;
    bundleHash: string;
    bundlePath: string;
    at: number;
  }) {
    const { name, file, spec, at } = workflow;
    if (await byName(name)) return null;
    const inserted = await first(
      runner,
      builder
        .insertInto('workflow')
        .values({
          name,
          kind: spec.kind,
          paused: spec.pausedUponCreation ? 1 : 0,
          present: 1,
          file,
          version_id: 0,
          created_at: at,
          ...nextColumns(null),
          last_start: null,
          last_end: null,
        })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .returning('id'),
    );
    if (!inserted) return null;
    const { id } = inserted;
    const versionId = await insertVersion(id, 1, workflow);
    await runner.run(builder.updateTable('workflow').set({ version_id: versionId }).where('id', '=', id));
    return { ...(await published(name)), changed: true, created: true };
  }

  async function published(name: string): Promise<{ workflow: WorkflowRow; version: VersionRow }> {
    const workflow = (await byName(name))!;
    return { workflow, version: (await version(workflow.versionId))! };
  }

  /**
   * An unused version is replaced: the new one has its number, but an id of its own. So what anybody remembers of an id
   * stays true, and a run that is inserted at the same time with the old one finds it gone (runs.insert).
   */
  async function nextVersion(
    known: WorkflowRow,
    made: { canonical: string; bundleHash: string; bundlePath: string; at: number },
  ): Promise<number> {
    const { versionId } = known;
    if (runner.dialect === 'postgres') {
      // Waits for runs that are being inserted with this version, so that the next statement sees them.
      await runner.all(builder.selectFrom('workflow_version').select('id').where('id', '=', versionId).forUpdate());
    }
    const used = await first(
      runner,
      builder.selectFrom('run').select('id').where('version_id', '=', versionId).limit(1),
    );
    if (used) return insertVersion(known.id, known.versionNumber + 1, made);
    await runner.run(builder.deleteFrom('workflow_version').where('id', '=', versionId));
    return insertVersion(known.id, known.versionNumber, made);
  }

  async function insertVersion(
    workflowId: number,
    number: number,
    made: { canonical: string; bundleHash: string; bundlePath: string; at: number },
  ): Promise<number> {
    const row = await first(
      runner,
      builder
        .insertInto('workflow_version')
        .values({
          workflow_id: workflowId,
          number,
          bundle_hash: made.bundleHash,
          bundle_path: made.bundlePath,
          spec: made.canonical,
          created_at: made.at,
        })
        .returning('id'),
    );
    return row!.id;
  }
}

function nextColumns(next: NextRun | null) {
  return {
    next_logical: next?.logicalDate ?? null,
    next_start: next?.intervalStart ?? null,
    next_end: next?.intervalEnd ?? null,
    next_due: next?.runAfter ?? null,
  };
}
