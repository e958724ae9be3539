import { definitionOf } from './definition.ts';
import { type Drawing, drawingFor } from './drawing.ts';
import { flag, readOptions } from './option-reader.ts';
import type { Output } from './output.ts';
import { type PlaceProbe, placeOfCall } from './place.ts';
import { invalidWiring, wiringOf } from './wiring.ts';

export interface UsingOptions {
  /** Whether a failed teardown fails the run. Default false. */
  readonly onFailureFailRun?: boolean;
}

/**
 * Runs what `body` draws between a setup and a teardown: the work waits for the setup, and the teardown runs when the
 * work is done, however it went, if the setup succeeded. The teardown gets what the setup gave; it is a task, or a
 * function that calls one. Gives what the body returns. Nested uses are torn down from the inside out. Airflow's
 * setup and teardown.
 *
 * @throws MillraceError `outside_dag`, `invalid_wiring`.
 */
export function using<R, T>(
  setup: Output<R>,
  teardown: (resource: Output<R>) => Output<unknown>,
  body: (resource: Output<R>) => T,
  options?: UsingOptions,
): T {
  const place = placeOfCall(using);
  const drawing = drawingFor('using()', place);
  const { onFailureFailRun = false } = readOptions<Required<UsingOptions>>(
    options,
    { onFailureFailRun: (value, refuse) => ({ onFailureFailRun: flag(value, refuse) }) },
    { owner: 'using()', place },
  );
  const setupIndex = taskOf(setup, { drawing, what: 'the setup', place });
  const { value, section } = drawing.section(() => body(setup));
  // A nested teardown is an end of the work, too: its resource goes before this one.
  const ends = drawing.ends(section);
  for (const root of drawing.roots(section)) drawing.addEdge(setupIndex, root, place);
  const teardownIndex = taskOf(teardown(setup), { drawing, what: 'the teardown', place });
  if (teardownIndex < section.end) {
    throw invalidWiring(
      'the teardown of using() calls no task of its own',
      'Give a task, or a function that calls one.',
      place,
    );
  }
  drawing.addEdge(setupIndex, teardownIndex, place);
  for (const end of ends) drawing.addEdge(end, teardownIndex, place);
  drawing.tasks[setupIndex]!.setup = true;
  Object.assign(drawing.tasks[teardownIndex]!, { teardown: true, onFailureFailRun });
  return value;
}

/** The one task whose output a wire is. */
function taskOf(
  output: unknown,
  { drawing, what, place }: { drawing: Drawing; what: string; place: PlaceProbe },
): number {
  const definition = definitionOf(output);
  if (definition)
    throw invalidWiring(
      `${what} of using() is task '${definition.name}' itself`,
      `Call it: ${definition.name}().`,
      place,
    );
  const wiring = wiringOf(output);
  if (wiring?.drawing === drawing && wiring.expression.kind === 'output') return wiring.expression.task;
  throw invalidWiring(`${what} of using() is no task of this DAG`, 'Give the output of a task call.', place);
}
