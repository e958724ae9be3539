import { dag, task } from 'millrace';

const numbers = task('numbers', (_: void) => Array.from({ length: 100_000 }, (_, index) => index));
const each = task('each', (_: number) => {});

export const map100k = dag('map100k', { schedule: null }, () => {
  each.over(numbers());
});
