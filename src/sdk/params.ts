import { MillraceError } from '../model/errors.ts';
import type { ParamsSpec } from '../model/spec.ts';
import { encodeValue } from '../model/value.ts';
import type { Drawing } from './drawing.ts';
import { asOutput, DrawnOutput } from './drawn-output.ts';
import { placed } from './id.ts';
import { validateJson } from './json-schema.ts';
import { suggestion } from './option-reader.ts';
import type { Given } from './output.ts';
import type { ParsedParams } from './parsed-params.ts';
import type { PlaceProbe } from './place.ts';
import type { StandardSchema } from './standard-schema.ts';
import { invalidWiring } from './wiring.ts';

type JsonType = 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object' | 'null';

/** JSON Schema (draft 2020-12) of the params object. */
export interface JsonSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, JsonSchemaProperty>>;
  readonly required?: readonly string[];
  readonly [keyword: string]: unknown;
}

export interface JsonSchemaProperty {
  readonly type?: JsonType | readonly JsonType[];
  readonly default?: unknown;
  readonly [keyword: string]: unknown;
}

/** What a DAG takes as `params`: a schema, or an object of defaults, whose types are then the params' types. */
export type ParamsInput = StandardSchema<object> | JsonSchema | Readonly<Record<string, unknown>>;

/** The params as the body of a DAG gets them: a wire each. */
export type ParamWires<P> =
  P extends StandardSchema<infer O>
    ? { readonly [K in keyof O]-?: Given<O[K]> }
    : P extends { readonly type: 'object'; readonly properties: infer M }
      ? { readonly [K in keyof M]: Given<JsonValue<M[K]>> }
      : { readonly [K in keyof P]: Given<Widened<P[K]>> };

type JsonValue<S> = S extends { readonly type: infer T } ? OfJsonType<T extends readonly (infer U)[] ? U : T> : unknown;

type OfJsonType<T> = T extends 'string'
  ? string
  : T extends 'number' | 'integer'
    ? number
    : T extends 'boolean'
      ? boolean
      : T extends 'null'
        ? null
        : T extends 'array'
          ? readonly unknown[]
          : Readonly<Record<string, unknown>>;

/** The type of which a default is one value. */
type Widened<T> = T extends string
  ? string
  : T extends number
    ? number
    : T extends boolean
      ? boolean
      : T extends bigint
        ? bigint
        : T extends readonly (infer E)[]
          ? readonly Widened<E>[]
          : T extends Date
            ? Date
            : T extends object
              ? { readonly [K in keyof T]: Widened<T[K]> }
              : T;

export interface Params {
  readonly spec: ParamsSpec;
  /** The names, or null where only a schema that cannot list them knows. */
  readonly names: readonly string[] | null;
  /** Checks a run's conf, laid over the defaults. Members that are no params pass where the schema lets them. */
  parse(conf: Readonly<Record<string, unknown>>): ParsedParams;
}

/** Whose params are read: "DAG 'x'", and where it was written. */
interface ParamsOwner {
  readonly owner: string;
  readonly place: PlaceProbe;
}

/** Reads the `params` of a DAG or a flow. Throws `invalid_params`. */
export function readParams(input: unknown, owner: ParamsOwner): Params {
  if (input === undefined) return ofDefaults({});
  if (typeof input !== 'object' && typeof input !== 'function') throw notParams(owner);
  if (input === null || Array.isArray(input)) throw notParams(owner);
  if ('~standard' in input) return ofStandardSchema(input as StandardSchema<object>, owner);
  if (isJsonSchema(input)) return ofJsonSchema(input);
  return ofDefaults(input as Readonly<Record<string, unknown>>);
}

function notParams({ owner, place }: ParamsOwner): MillraceError {
  return new MillraceError('invalid_params', `params of ${owner} are neither a schema nor an object of defaults`, {
    fix: "Write params: { name: default }, a JSON Schema with type: 'object', or a schema such as z.object({ … }).",
    ...placed(place),
  });
}

function isJsonSchema(input: object): input is JsonSchema {
  const { type, properties } = input as { type?: unknown; properties?: unknown };
  return type === 'object' && typeof properties === 'object' && properties !== null;
}

function ofStandardSchema(schema: StandardSchema<object>, { owner, place }: ParamsOwner): Params {
  const validate = (value: unknown): ParsedParams => {
    const result = schema['~standard'].validate(value);
    if (result instanceof Promise) {
      throw new MillraceError('invalid_params', `the schema of the params of ${owner} is asynchronous`, {
        fix: 'Use checks that answer at once.',
        ...placed(place),
      });
    }
    if (result.issues === undefined) return { value: result.value as Record<string, unknown> };
    return { issues: result.issues.map(({ message, path }) => ({ path: pathText(path ?? []), message })) };
  };
  const json = jsonSchemaOf(schema);
  const whole = validate({});
  const fromProperties = Object.entries((json?.properties ?? {}) as Record<string, JsonSchemaProperty>);
  const defaults =
    'value' in whole
      ? whole.value
      : Object.fromEntries(
          fromProperties.flatMap(([name, property]) => ('default' in property ? [[name, property.default]] : [])),
        );
  return {
    spec: { defaults: encoded(defaults), schema: json },
    names: json ? fromProperties.map(([name]) => name) : null,
    parse: validate,
  };
}

/** The JSON Schema that a schema gives of itself (Standard JSON Schema), or null. */
function jsonSchemaOf(schema: StandardSchema<object>): Readonly<Record<string, unknown>> | null {
  const standard = schema['~standard'] as { jsonSchema?: { input?: (options: { target: string }) => unknown } };
  try {
    const json = standard.jsonSchema?.input?.({ target: 'draft-2020-12' });
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : null;
  } catch {
    // Not every schema can be said in JSON Schema: then the bundle alone can check.
    return null;
  }
}

function ofJsonSchema(schema: JsonSchema): Params {
  const properties = Object.entries(schema.properties);
  const defaults = Object.fromEntries(
    properties.flatMap(([name, { default: value }]) => (value === undefined ? [] : [[name, value]])),
  );
  return {
    spec: { defaults: encoded(defaults), schema },
    names: properties.map(([name]) => name),
    parse: (conf) => {
      const value = { ...defaults, ...conf };
      const issues = validateJson(schema, value);
      return issues.length > 0 ? { issues } : { value };
    },
  };
}

/** Defaults alone: each param has its default's JSON type and may be left out (Airflow's plain values). */
function ofDefaults(defaults: Readonly<Record<string, unknown>>): Params {
  const properties = Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, typed(value)]));
  const names = Object.keys(defaults);
  return {
    spec: { defaults: encoded(defaults), schema: names.length === 0 ? null : { type: 'object', properties } },
    names,
    parse: (conf) => {
      const value = { ...defaults, ...conf };
      const issues = names.flatMap((name) => {
        const wanted = properties[name]?.type;
        const got = jsonTypeOf(value[name]);
        return wanted === undefined || wanted === got
          ? []
          : [{ path: name, message: `must be of type ${wanted}, not ${got ?? typeof value[name]}` }];
      });
      return issues.length > 0 ? { issues } : { value };
    },
  };
}

function typed(value: unknown): { readonly type?: JsonType; readonly default?: unknown } {
  const type = jsonTypeOf(value);
  return type === undefined || type === 'null' ? {} : { type, default: value };
}

function jsonTypeOf(value: unknown): JsonType | undefined {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'string' || typeof value === 'boolean') return typeof value as JsonType;
  if (typeof value === 'number') return Number.isFinite(value) ? 'number' : undefined;
  return typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype ? 'object' : undefined;
}

function encoded(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, encodeValue(value)]));
}

function pathText(path: readonly (PropertyKey | { readonly key: PropertyKey })[]): string {
  return path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
}

/** The params as a DAG's body gets them: whichever name is read, a wire. Throws `invalid_wiring` for unknown names. */
export function paramWires(drawing: Drawing, params: Params, place: PlaceProbe): object {
  const wireOf = (name: string) =>
    asOutput<unknown>(
      new DrawnOutput({ drawing, expression: { kind: 'param', name }, mappedGroup: null, section: null }),
    );
  return new Proxy(Object.fromEntries((params.names ?? []).map((name) => [name, wireOf(name)])), {
    get(target, name) {
      if (typeof name === 'symbol') return undefined;
      if (params.names === null) return wireOf(name);
      if (Object.hasOwn(target, name)) return target[name];
      const known = params.names.length === 0 ? 'It has none.' : `They are ${params.names.join(', ')}.`;
      throw invalidWiring(
        `DAG '${drawing.dagId}' has no param '${name}'`,
        `${suggestion(name, params.names)}${known} Add it to the DAG's params.`,
        place,
      );
    },
  });
}
