import { advanceBackfill } from '../../../engine/backfill-steps.ts';
import { createBackfill } from '../../../engine/backfills.ts';
import type { BackfillRow } from '../../../store/rows.ts';
import { jsonObject, wholeNumber } from '../../arguments.ts';
import { backfillData, progressText, type Slot } from '../../backfill-data.ts';
import { type WindowOptions, windowOf, withWindow } from '../../backfill-window.ts';
import { command } from '../../command.ts';
import { lookUntil } from '../../follow-run.ts';
import { workflowNamed } from '../../names.ts';
import { otherServers } from '../../other-server.ts';
import { publishPipelines } from '../../pipelines-now.ts';
import { EXIT } from '../../report-error.ts';
import type { Session } from '../../session.ts';

interface CreateOptions extends WindowOptions {
  readonly limit: string;
  readonly conf?: string;
  readonly wait?: boolean;
}

export const create = () =>
  command<readonly [name: string], CreateOptions>(
    'create',
    'make runs for the dates of a schedule between two dates',
    (it) =>
      withWindow(it)
        .option('--limit <count>', 'most runs of it at once', '10')
        .option('--conf <json>', 'params of its runs, as a JSON object')
        .option('--wait', 'wait for its end; ends with 0 only when every run of it has succeeded'),
    async (session, [name], { limit, conf, wait, ...window }) => {
      const maxActiveRuns = wholeNumber('--limit', limit, { least: 1, most: 10_000 });
      const given = conf === undefined ? undefined : jsonObject('--conf', conf);
      const wanted = windowOf(window);
      await publishPipelines(session);
      await workflowNamed(session, name);
      const request = { ...wanted, workflow: name, maxActiveRuns, conf: given, triggeredBy: 'cli' };
      const backfill = await session.operate((e) => createBackfill(e, request));
      const { terminal } = session;
      if ((await otherServers(session)).length === 0) {
        // What is to become of each date can be said without a server.
        while (await session.operate((e) => advanceBackfill(e, backfill.id)));
        terminal.say('No server runs on this store: its runs go on with the next "millrace dev" or "millrace start".');
      }
      if (wait) return follow(session, backfill, name);
      const slots = await slotsOf(session, backfill);
      terminal.data(backfillData(await now(session, backfill), name, slots), () =>
        [
          `${name}: backfill ${backfill.id} of ${slots.length} dates`,
          `See how it goes: millrace backfill show ${backfill.id}`,
        ].join('\n'),
      );
      return EXIT.ok;
    },
  );

async function follow(session: Session, backfill: BackfillRow, name: string): Promise<number> {
  const { terminal } = session;
  terminal.say(`${name}: backfill ${backfill.id}`);
  let slots: readonly Slot[] = [];
  let last = '';
  await lookUntil(session, async () => {
    const { completedAt } = await now(session, backfill);
    slots = await slotsOf(session, backfill);
    const text = progressText(terminal, slots);
    if (text !== last) terminal.progress(text);
    last = text;
    return completedAt !== null;
  });
  const ended = await now(session, backfill);
  const isDone = slots.every(
    ({ outcome, state }) => outcome === 'exists' || outcome === 'in_flight' || state === 'success',
  );
  terminal.data(backfillData(ended, name, slots), () => `${name}: backfill ${ended.id} is over: ${last}`);
  return isDone ? EXIT.ok : EXIT.failed;
}

async function slotsOf(session: Session, { id }: BackfillRow): Promise<readonly Slot[]> {
  return (await session.store()).queries.slots(id);
}

async function now(session: Session, backfill: BackfillRow): Promise<BackfillRow> {
  return (await (await session.store()).queries.backfill(backfill.id)) ?? backfill;
}
