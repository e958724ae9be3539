import { dag, task } from 'millrace';

/** When the body began, on the clock that all processes of a machine share, in nanoseconds. */
const step = task('step', (_: string) => String(process.hrtime.bigint()));

export const clock40 = dag('clock40', { schedule: null }, () => {
  let last = step.with({ name: 'step_0' })('');
  for (let number = 1; number < 40; number++) last = step.with({ name: `step_${number}` })(last);
});
