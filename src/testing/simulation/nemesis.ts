import type { People } from './people.ts';
import type { SimulatedServer } from './simulated-server.ts';
import type { World } from './world.ts';

/** Sets down when in the active time what goes wrong, and when people act. */
export function plan(world: World, servers: readonly SimulatedServer[], people: People): void {
  const { profile, random, scheduler, nature, totals } = world;
  const at = (times: number, label: string, act: () => void) => {
    for (let count = 0; count < times; count++) {
      scheduler.after(nature, random.int(0, profile.activeMs), label, () => {
        if (!world.calm) act();
      });
    }
  };
  at(profile.peopleActs, 'people', () => people.act());
  at(profile.crashes, 'crash', () => random.pick(servers).crash());
  at(profile.gracefulStops, 'stop', () => random.pick(servers).stop(random.pick([0, 500, 5000])));
  at(profile.pauses, 'pause', () => random.pick(servers).pause(random.int(1000, 2 * profile.leaseMs)));
  at(profile.clockJumps, 'clock', () => {
    totals.clockJumps += 1;
    world.witness.clockJumped = true;
    const by = random.pick([-90_000, -2000, 2000, 40_000, 120_000]);
    world.note('world', `the clock jumps by ${by}`);
    world.wall.offset += by;
  });
  at(profile.outages, 'outage', () => {
    totals.outages += 1;
    world.away = true;
    scheduler.after(nature, random.int(100, 15_000), 'the store is back', () => {
      world.away = false;
    });
  });
}
