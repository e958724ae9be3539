import type { WorkflowSpec } from '../model/spec.ts';

/** An option that is read, kept with the task, and does nothing yet. */
export interface OptionWithoutEffect {
  readonly workflow: string;
  readonly task: string;
  readonly option: 'dependsOnPast' | 'waitForDownstream' | 'queue';
}

/** Who set an option would rather hear that it does nothing than find out. */
export function optionsWithoutEffect({ id, tasks }: WorkflowSpec): readonly OptionWithoutEffect[] {
  return tasks.flatMap(({ id: task, dependsOnPast, waitForDownstream, queue }) => {
    const set = { dependsOnPast: dependsOnPast && !waitForDownstream, waitForDownstream, queue: queue !== 'default' };
    return (Object.keys(set) as (keyof typeof set)[])
      .filter((option) => set[option])
      .map((option) => ({ workflow: id, task, option }));
  });
}

export const withoutEffectText = ({ workflow, task, option }: OptionWithoutEffect): string =>
  `${workflow}: '${option}' of task '${task}' has no effect yet: it runs as if it were not there`;
