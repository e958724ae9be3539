import { expect, it } from 'vitest';
import { simulate } from './simulation.ts';

/**
 * Seeds that found something, with what it was. A seed is a way through the code of its day: after a change of the
 * simulator it may no longer meet what it once met, but it stays a good way to try.
 */
const SEEDS: Readonly<Record<number, string>> = {
  19: 'a trigger repeated after a commit of unknown outcome made two runs',
  21: 'cancelling a cleared run that was queued left its instances waiting',
  23: 'what another server had ended went on in the workers for ever',
  26: 'an instance let go by one limit and refused by another left the first one idle',
  37: 'a limit of instances counted the slots of pools, and a wide task waited for ever',
  40: 'instances born by an expansion whose rule said skip waited for ever',
  49: 'a server that left in an orderly way left its last attempts to nobody',
  67: 'a server left after the end of a run and nobody planned the next one',
  78: 'a server that had been given up claimed on under its old name, and died: its attempts were lost for ever',
  387: 'a commit of unknown outcome ended a run, and nobody planned the next one',
  158: 'two servers woke each other for ever, because looking for unplanned workflows wrote',
  254: 'events told of a skip before the end of the attempt that it came after',
  102: 'calls of a flow that had been cleared were acknowledged, and nowhere written',
  637: 'a claim of unknown outcome that was cleared before it was known was never sent, and waited for ever',
  510: 'the time-out of a run’s first life ended it in its second',
};

for (const [seed, found] of Object.entries(SEEDS)) {
  it(`seed ${seed}: ${found}`, { timeout: 60_000 }, async () => {
    const { violation } = await simulate({ seed: Number(seed) });
    expect(violation).toBeNull();
  });
}
