import { previewBackfill } from '../../engine/backfills.ts';
import { previewOf } from '../../insight/backfill-preview.ts';
import { backfillBody } from '../contract/airflow/backfill.ts';
import { backfillPreview as answer } from '../contract/backfill-preview.ts';
import { type Routes, VIEWER } from '../route.ts';
import { workflowNamed } from '../workflow-named.ts';
import { requestOf } from './backfills.ts';

/** What a backfill would do, in numbers and dates, before it is made. */
export const backfillPreview: Routes = (api, parts) => {
  api.post(
    '/backfills/preview',
    { config: VIEWER, schema: { body: backfillBody, response: { 200: answer } } },
    async ({ body }) => {
      const workflow = await workflowNamed(parts, body.dag_id);
      const slots = await parts.engine.commandNow((e) => previewBackfill(e, requestOf(body)));
      return await previewOf(parts, {
        workflow,
        slots,
        from: body.from_date,
        to: body.to_date,
        reprocess: body.reprocess_behavior,
        reverse: body.run_backwards,
        maxActiveRuns: body.max_active_runs,
      });
    },
  );
};
