import { MillraceError } from '../model/errors.ts';
import type { Expression, Mapping } from '../model/expression.ts';
import type { TaskDefinition } from './definition.ts';
import { currentDrawing, type Drawing } from './drawing.ts';
import { DrawnOutput } from './drawn-output.ts';
import { FlowOutput } from './flow-output.ts';
import { placed } from './id.ts';
import { type PlaceProbe, placeOfCall } from './place.ts';
import { currentScope } from './scope.ts';
import { expressionOf, listExpression, type Taker } from './wired-value.ts';
import { invalidWiring, wiringOf } from './wiring.ts';

/**
 * What the call of a task does: in a DAG's body it draws, in a flow's body it runs, anywhere else it is an error.
 * @param entry the function that the user called; the error's place is where.
 */
// biome-ignore lint/complexity/noBannedTypes: any function can be the entry
export function callTask(definition: TaskDefinition, input: unknown, entry: Function): unknown {
  const drawing = currentDrawing();
  if (drawing) return drawCall(drawing, definition, { kind: 'one', input }, placeOfCall(entry)).output;
  const flow = currentScope()?.flow;
  if (flow) return FlowOutput.of(flow.call(definition, input));
  throw outsideDag(definition, placeOfCall(entry));
}

/** What is to be drawn: a task with one input, or a mapped one. */
export type Call =
  | { readonly kind: 'one'; readonly input: unknown }
  | { readonly kind: 'expand'; readonly over: unknown }
  | { readonly kind: 'expand_kwargs'; readonly over: unknown }
  | { readonly kind: 'over'; readonly over: unknown };

/** Draws a mapped task. Throws `outside_dag` where no DAG is being drawn. */
// biome-ignore lint/complexity/noBannedTypes: any function can be the entry
export function drawMapped(definition: TaskDefinition, call: Call, entry: Function): DrawnOutput {
  const drawing = currentDrawing();
  const place = placeOfCall(entry);
  if (drawing) return drawCall(drawing, definition, call, place).output;
  if (!currentScope()?.flow) throw outsideDag(definition, place);
  throw invalidWiring(
    `task '${definition.name}' is mapped like in a DAG, but this is a flow`,
    'In a flow use .map(list), or call it for each element.',
    place,
  );
}

/** Adds a call to the drawing: the task's index and the wire that stands for what it returns. */
export function drawCall(
  drawing: Drawing,
  definition: TaskDefinition,
  call: Call,
  place: PlaceProbe,
): { readonly index: number; readonly output: DrawnOutput } {
  const taker: Taker = { drawing, what: `task '${definition.name}'`, place, at: drawing.group };
  const mappedGroup = drawing.mappedGroupOf(drawing.group);
  if (call.kind !== 'one' && mappedGroup !== null) {
    throw invalidWiring(
      `task '${definition.name}' is mapped inside of mapped group '${drawing.groups[mappedGroup]?.id}', which is not possible yet`,
      'Map outside of eachGroup(), or handle the inner list within one task.',
      place,
    );
  }
  const wiring =
    call.kind === 'one'
      ? { input: inputOf(definition, call.input, taker), mapping: null }
      : mappedWiring(definition, call, taker);
  const index = drawing.addTask(definition, wiring, place);
  const output = new DrawnOutput({ drawing, expression: { kind: 'output', task: index }, mappedGroup, section: null });
  return { index, output };
}

function inputOf(definition: TaskDefinition, input: unknown, taker: Taker): Expression | null {
  if (definition.fixed === null) return input === undefined ? null : expressionOf(input, taker);
  if (input === undefined) return expressionOf(definition.fixed, taker);
  if (!isNamed(input)) {
    throw invalidWiring(
      `${taker.what} has arguments fixed by .partial() and gets a value that is no object of named arguments`,
      'Give the other arguments by name: { name: value }.',
      taker.place,
    );
  }
  return expressionOf({ ...definition.fixed, ...input }, taker);
}

function mappedWiring(
  definition: TaskDefinition,
  call: Exclude<Call, { kind: 'one' }>,
  taker: Taker,
): { input: Expression | null; mapping: Mapping } {
  const input = definition.fixed === null ? null : expressionOf(definition.fixed, taker);
  if (call.kind !== 'expand') {
    const over = listExpression(call.over, { ...taker, what: `the list of ${taker.what}` });
    // An element cannot be the whole input beside fixed arguments: it names the others.
    return { input, mapping: { kind: input === null ? call.kind : 'expand_kwargs', over } };
  }
  if (!isNamed(call.over) || Object.keys(call.over).length === 0) {
    throw invalidWiring(
      `${taker.what} is expanded over no argument`,
      'Name at least one: .expand({ name: list }).',
      taker.place,
    );
  }
  const twice = Object.keys(call.over).find(
    (name) => definition.fixed !== null && Object.hasOwn(definition.fixed, name),
  );
  if (twice !== undefined) {
    throw invalidWiring(
      `argument '${twice}' of ${taker.what} is both fixed and expanded`,
      'Take it out of .partial() or out of .expand().',
      taker.place,
    );
  }
  const over = Object.entries(call.over).map(
    ([name, list]) => [name, listExpression(list, { ...taker, what: `argument '${name}' of ${taker.what}` })] as const,
  );
  return { input, mapping: { kind: 'expand', over } };
}

function isNamed(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && wiringOf(value) === undefined;
}

function outsideDag(definition: TaskDefinition, place: PlaceProbe): MillraceError {
  const running = currentScope()?.context.task.id;
  const message =
    running === undefined
      ? `task '${definition.name}' is called outside of a DAG and of a flow`
      : `task '${definition.name}' is called inside of task '${running}'`;
  const fix =
    running === undefined
      ? 'Call it in the body of dag(…), or in the body of a flow.'
      : 'Call both in the body of the DAG, or call an ordinary function that they share.';
  return new MillraceError('outside_dag', message, { fix, ...placed(place) });
}
