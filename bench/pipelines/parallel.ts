import { dag, task } from 'millrace';

const fibo = (n: number): number => (n < 2 ? n : fibo(n - 1) + fibo(n - 2));
const step = task('step', (_: void) => fibo(10));
const nothing = task('nothing', (_: void) => {});

export const parallel400 = dag('parallel400', { schedule: null }, () => {
  for (let number = 0; number < 400; number++) step.with({ name: `step_${number}` })();
});

/** Tasks that do nothing, for as many runs at once as somebody starts. */
export const nothing400 = dag('nothing400', { schedule: null, maxActiveRuns: 1000 }, () => {
  for (let number = 0; number < 400; number++) nothing.with({ name: `nothing_${number}` })();
});
