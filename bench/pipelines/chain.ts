import { dag, task } from 'millrace';

const fibo = (n: number): number => (n < 2 ? n : fibo(n - 1) + fibo(n - 2));
const step = task('step', (_: number) => fibo(10));

/** Every task takes what the one before gave. */
export const chain40 = dag('chain40', { schedule: null }, () => {
  let last = step.with({ name: 'step_0' })(0);
  for (let number = 1; number < 40; number++) last = step.with({ name: `step_${number}` })(last);
});
