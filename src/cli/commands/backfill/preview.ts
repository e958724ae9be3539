import type { SlotPlan } from '../../../engine/backfill-plan.ts';
import { previewBackfill } from '../../../engine/backfills.ts';
import { type WindowOptions, windowOf, withWindow } from '../../backfill-window.ts';
import { command } from '../../command.ts';
import { workflowNamed } from '../../names.ts';
import { publishPipelines } from '../../pipelines-now.ts';
import { instant, iso } from '../../times.ts';

const MEANING: Readonly<Record<SlotPlan, string>> = {
  create: 'a new run',
  clear: 'runs again',
  exists: 'left as it is',
  in_flight: 'left alone: it has not ended',
};

export const preview = () =>
  command<readonly [name: string], WindowOptions>(
    'preview',
    'say what a backfill would do about each date, and do nothing',
    withWindow,
    async (session, [name], options) => {
      const window = windowOf(options);
      await publishPipelines(session);
      await workflowNamed(session, name);
      const slots = await session.operate((e) => previewBackfill(e, { ...window, workflow: name }));
      const { terminal } = session;
      terminal.data(
        slots.map(({ ordinal, logicalDate, intervalStart, intervalEnd, runAfter, plan, runId, state }) => ({
          ordinal,
          logicalDate: iso(logicalDate),
          intervalStart: iso(intervalStart),
          intervalEnd: iso(intervalEnd),
          runAfter: iso(runAfter),
          plan,
          runId,
          state,
        })),
        () =>
          terminal.table(
            [['NO', 'right'], 'LOGICAL DATE', 'DATA INTERVAL', 'PLAN', 'RUN THAT IS THERE', 'STATE'],
            slots.map((slot) => [
              String(slot.ordinal),
              instant(slot.logicalDate),
              `${instant(slot.intervalStart)} – ${instant(slot.intervalEnd)}`,
              MEANING[slot.plan],
              slot.runId ?? '',
              slot.state === null ? '' : terminal.state(slot.state),
            ]),
          ),
      );
      const work = slots.filter(({ plan }) => plan === 'create' || plan === 'clear').length;
      terminal.say(`${slots.length} dates, ${work} runs`);
    },
  );
