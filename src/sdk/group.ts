import { drawingFor, expressionsOf } from './drawing.ts';
import { asOutput, DrawnOutput } from './drawn-output.ts';
import { checkId } from './id.ts';
import { flag, readOptions, text } from './option-reader.ts';
import type { DefaultArgs } from './options.ts';
import type { Given, List, Output, Sequence } from './output.ts';
import { type ParsedDefaults, parseDefaultArgs } from './parsed-options.ts';
import { type PlaceProbe, placeOfCall } from './place.ts';
import { listExpression } from './wired-value.ts';
import { invalidWiring, wiringOf } from './wiring.ts';

export interface GroupOptions {
  /** Options of the tasks inside, laid over those of the groups around and of the DAG. */
  readonly defaultArgs?: DefaultArgs;
  /** Shown in the web page. */
  readonly tooltip?: string;
  /** Whether the ids of what is inside begin with the group's id. Default true. */
  readonly prefixIds?: boolean;
}

/**
 * Draws `body` inside a group and gives what it returns. Groups nest; the ids of what is in them begin with theirs:
 * `group.task`. An output that the body returns stands for the whole group in chain() and .after().
 *
 * @throws MillraceError `outside_dag`, `invalid_id`, `duplicate_group`.
 */
export function group<T>(name: string, body: () => T, options?: GroupOptions): T {
  const place = placeOfCall(group);
  const drawing = drawingFor('group()', place);
  const settings = readGroup(name, options, place);
  const { value, section } = drawing.section(() => drawing.addGroup({ ...settings, mapping: null }, place, body));
  const wiring = wiringOf(value);
  if (!wiring || wiring.drawing !== drawing || section.start === section.end) return value;
  return new DrawnOutput({ ...wiring, section }) as T;
}

/**
 * Draws `body` once, to run once for each element of a list, from beginning to end without waiting for the others
 * (Airflow's mapped task group). Gives the list of what the body's last task returned. Mapping inside of it is not
 * possible yet.
 *
 * @throws MillraceError `outside_dag`, `invalid_id`, `duplicate_group`, `invalid_wiring`.
 */
export function eachGroup<I, T>(
  name: string,
  list: List<I> | Output<List<I>>,
  body: (item: Given<I>) => Output<T>,
  options?: GroupOptions,
): Output<Sequence<Exclude<T, undefined>>> {
  const place = placeOfCall(eachGroup);
  const drawing = drawingFor('eachGroup()', place);
  const settings = readGroup(name, options, place);
  const outer = drawing.mappedGroupOf(drawing.group);
  if (outer !== null) {
    throw invalidWiring(
      `mapped group '${name}' lies inside of mapped group '${drawing.groups[outer]?.id}', which is not possible yet`,
      'Map over one list of pairs, or handle the inner list within one task.',
      place,
    );
  }
  const over = listExpression(list, { drawing, what: `the list of group '${name}'`, place, at: drawing.group });
  const mapping = { kind: 'over' as const, over };
  const { value, section } = drawing.section(() =>
    drawing.addGroup({ ...settings, mapping }, place, (index) =>
      body(
        new DrawnOutput({
          drawing,
          expression: { kind: 'element', group: index },
          mappedGroup: index,
          section: null,
        }) as unknown as Given<I>,
      ),
    ),
  );
  const wiring = wiringOf(value);
  const isOwnTask =
    wiring?.expression.kind === 'output' &&
    wiring.expression.task >= section.start &&
    wiring.expression.task < section.end;
  if (!wiring || !isOwnTask) {
    throw invalidWiring(
      `the body of eachGroup('${name}') returns no output of a task in it`,
      'Return the output of its last task.',
      place,
    );
  }
  const sources = expressionsOf({ input: null, mapping }).flatMap((expression) => [...drawing.sources(expression)]);
  for (const root of drawing.roots(section)) for (const source of sources) drawing.addEdge(source, root, place);
  return asOutput(new DrawnOutput({ drawing, expression: wiring.expression, mappedGroup: null, section }));
}

function readGroup(
  name: string,
  options: GroupOptions | undefined,
  place: PlaceProbe,
): { name: string; tooltip: string | null; prefixIds: boolean; defaults: Partial<ParsedDefaults> } {
  checkId('group', name, place);
  const owner = `group '${name}'`;
  const read = readOptions<{ tooltip: string; prefixIds: boolean; defaults: Partial<ParsedDefaults> }>(
    options,
    {
      defaultArgs: (value) => ({ defaults: parseDefaultArgs(value, { owner, place }) }),
      tooltip: (value, refuse) => ({ tooltip: text(value, refuse) }),
      prefixIds: (value, refuse) => ({ prefixIds: flag(value, refuse) }),
    },
    { owner, place },
  );
  return { name, tooltip: read.tooltip ?? null, prefixIds: read.prefixIds ?? true, defaults: read.defaults ?? {} };
}
