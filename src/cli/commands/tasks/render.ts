import { createMasker } from '../../../model/mask.ts';
import { Sequence } from '../../../runner/sequence.ts';
import { command } from '../../command.ts';
import { type TargetOptions, taskTarget, withTarget } from '../../task-target.ts';

export const render = () =>
  command<readonly [dag: string, task: string], TargetOptions>(
    'render',
    'print the input that a task gets, from a run or from its params; fields that hold secrets are masked',
    withTarget,
    async (session, [dag, task], options) => {
      const { answer, objectsOf, resolvedInput } = await import('../../task-attempt.ts');
      const { resolveInput } = await import('../../../runner/resolve-input.ts');
      const { openObjects } = await import('../../../runner/worker/open-objects.ts');
      const target = await taskTarget(session, dag, task, options);
      const input = await resolveInput(await resolvedInput(session, target), {
        functions: target.code.drawn.functions,
        objects: await openObjects(objectsOf(session)),
        ask: (question) => answer(session, target, question),
      });
      const shown = createMasker().maskFields(collected(input));
      session.terminal.data({ task, input: shown ?? null }, () => JSON.stringify(shown ?? null, null, 2));
    },
  );

/** Lists of mapped tasks are read when they are walked: JSON would show nothing of them. */
function collected(input: unknown): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input;
  if (input instanceof Sequence) return [...input];
  if (Object.getPrototypeOf(input) !== Object.prototype) return input;
  return Object.fromEntries(Object.entries(input).map(([key, value]) => [key, collected(value)]));
}
