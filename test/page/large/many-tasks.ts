import { dag, task } from 'millrace';

const begin = task('begin', () => 1);
const step = task('step', (_: number) => 1);
const numbers = task('numbers', () => Array.from({ length: 2_000 }, (_, index) => index));
const each = task('each', (_: number) => {});

/** 500 tasks: more than fit on a screen, in the grid, in the list of tasks and in a run. */
export const broad = dag('broad', { schedule: null }, () => {
  const begun = begin();
  for (let number = 1; number < 500; number++) step.with({ name: `step_${number}` })(begun);
});

export const manifold = dag('manifold', { schedule: null }, () => {
  each.over(numbers());
});
