import { type Drawing, drawingFor } from './drawing.ts';
import type { Output, Step } from './output.ts';
import { type PlaceProbe, placeOfCall } from './place.ts';
import { invalidWiring, wiringOf } from './wiring.ts';

interface Ends {
  readonly roots: readonly number[];
  readonly leaves: readonly number[];
}

type Single = Output<unknown> | (() => unknown);

/** Lets everything of `after` wait for everything of `before`. */
export function addDependencies(
  drawing: Drawing,
  { before, after }: { readonly before: readonly Step[]; readonly after: readonly Step[] },
  place: PlaceProbe,
): void {
  const ends = (steps: readonly Step[]) => steps.flat().map((step) => endsOf(step as Single, drawing, place));
  connect(drawing, ends(before), ends(after), place);
}

function connect(drawing: Drawing, before: readonly Ends[], after: readonly Ends[], place: PlaceProbe): void {
  for (const { leaves } of before) {
    for (const { roots } of after) {
      for (const from of leaves) for (const to of roots) drawing.addEdge(from, to, place);
    }
  }
}

/**
 * Puts steps in order without passing data: each waits for the one before. A list stands for its members side by
 * side; two lists in a row, of one length, are connected pair by pair. A function stands for all that it draws, so
 * that a whole group can be a step: `chain(a, () => group('g', …), b)`. Airflow's chain().
 *
 * @throws MillraceError `outside_dag`, `invalid_wiring`.
 */
export function chain(...steps: Step[]): void {
  const place = placeOfCall(chain);
  const drawing = drawingFor('chain()', place);
  const links = steps.map((step): Link => {
    const list = Array.isArray(step);
    return {
      list,
      ends: (list ? (step as readonly Single[]) : [step as Single]).map((one) => endsOf(one, drawing, place)),
    };
  });
  for (const [i, link] of links.slice(1).entries()) connectLinks(drawing, links[i]!, link, place);
}

interface Link {
  readonly list: boolean;
  readonly ends: readonly Ends[];
}

function connectLinks(drawing: Drawing, before: Link, after: Link, place: PlaceProbe): void {
  if (!before.list || !after.list) {
    connect(drawing, before.ends, after.ends, place);
    return;
  }
  if (before.ends.length !== after.ends.length) {
    throw invalidWiring(
      `chain() got a list of ${before.ends.length} followed by a list of ${after.ends.length}`,
      'Lists in a row are connected pair by pair: give them one length, or put a single step between them.',
      place,
    );
  }
  for (const [at, ends] of before.ends.entries()) connect(drawing, [ends], [after.ends[at]!], place);
}

function endsOf(step: Single, drawing: Drawing, place: PlaceProbe): Ends {
  if (typeof step === 'function') {
    const { section } = drawing.section(step);
    return { roots: drawing.roots(section), leaves: drawing.leaves(section) };
  }
  const wiring = wiringOf(step);
  if (!wiring || wiring.drawing !== drawing) {
    throw invalidWiring(
      'a step of an order is no output of this DAG',
      'Give outputs of task calls, lists of them, or functions that draw tasks.',
      place,
    );
  }
  if (wiring.section) return { roots: drawing.roots(wiring.section), leaves: drawing.leaves(wiring.section) };
  const tasks = [...drawing.sources(wiring.expression)];
  if (tasks.length === 0) {
    throw invalidWiring(
      'a step of an order comes from no task',
      'Params and literals are there from the beginning: leave them out.',
      place,
    );
  }
  return { roots: tasks, leaves: tasks };
}
