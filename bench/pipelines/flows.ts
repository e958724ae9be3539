import { flow, task } from 'millrace';

const fibo = (n: number): number => (n < 2 ? n : fibo(n - 1) + fibo(n - 2));
const step = task('step', (_: number) => fibo(10));

export const flowChain40 = flow('flow_chain40', async () => {
  let last = 0;
  for (let number = 0; number < 40; number++) last = await step(last);
  return last;
});

export const flowParallel400 = flow('flow_parallel400', async () => {
  const all = await Promise.all(Array.from({ length: 400 }, (_, number) => step(number)));
  return all.length;
});
