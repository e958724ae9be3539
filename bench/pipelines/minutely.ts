import { dag, task } from 'millrace';

const nothing = task('nothing', (_: void) => {});

for (let number = 0; number < 10_000; number++) {
  dag(`minutely_${number}`, { schedule: '* * * * *', startDate: '2020-01-01' }, () => {
    nothing();
  });
}
