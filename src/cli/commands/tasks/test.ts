import type { StoredValue } from '../../../model/expression.ts';
import { decodeValue } from '../../../model/value.ts';
import { jsonValue } from '../../arguments.ts';
import { command } from '../../command.ts';
import { EXIT } from '../../report-error.ts';
import { type TargetOptions, taskTarget, withTarget } from '../../task-target.ts';

export const test = () =>
  command<readonly [dag: string, task: string], TargetOptions & { input?: string }>(
    'test',
    'run one task in this process, whatever its upstream did, and record nothing',
    (it) => withTarget(it).option('--input <json>', 'its input, instead of what other tasks gave'),
    async (session, [dag, task], options) => {
      const { attemptTask, givenInput, resolvedInput } = await import('../../task-attempt.ts');
      const given = options.input === undefined ? undefined : givenInput(jsonValue('--input', options.input));
      const target = await taskTarget(session, dag, task, options);
      const outcome = await attemptTask(session, target, given ?? (await resolvedInput(session, target)));
      const { terminal } = session;
      if (outcome.kind === 'success') {
        const output = plain(outcome.output);
        terminal.data({ task, outcome: 'success', output }, () => JSON.stringify(output ?? null, null, 2));
        return EXIT.ok;
      }
      terminal.data({ task, outcome: outcome.kind, detail: outcome }, () => {
        if (outcome.kind !== 'failed') return `${task} ended as ${outcome.kind}`;
        return outcome.error.stack ?? `${outcome.error.name}: ${outcome.error.message}`;
      });
      return outcome.kind === 'skipped' || outcome.kind === 'rescheduled' ? EXIT.ok : EXIT.failed;
    },
  );

/** As JSON can show it. */
function plain(value: StoredValue | null): unknown {
  if (value?.kind === 'inline') return decodeValue(value.data);
  if (value?.kind === 'list') return value.elements.map((element) => decodeValue(element));
  return value;
}
