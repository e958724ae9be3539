import type { Readings } from '../store/readings.ts';

/** Something that is remembered of each store that is asked, for as long as it is there. */
export function rememberedOf<T>(make: () => T): (readings: Readings) => T {
  const known = new WeakMap<Readings, T>();
  return (readings) => {
    let remembered = known.get(readings);
    if (remembered === undefined) {
      remembered = make();
      known.set(readings, remembered);
    }
    return remembered;
  };
}
