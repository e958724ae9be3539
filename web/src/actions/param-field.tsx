import { useId } from 'react';

export type Schema = Readonly<Record<string, unknown>>;

export interface ParamFieldProps {
  readonly name: string;
  readonly schema: Schema;
  readonly description: string | null;
  readonly isRequired: boolean;
  /** As it stands in the field. */
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly problem: string | undefined;
}

/** What kind of field a schema asks for. */
export type FieldKind =
  | 'text'
  | 'long'
  | 'number'
  | 'integer'
  | 'boolean'
  | 'choice'
  | 'date'
  | 'date-time'
  | 'time'
  | 'json';

export function fieldKind(schema: Schema): FieldKind {
  const type = typesOf(schema).find((each) => each !== 'null');
  if (Array.isArray(schema.enum)) return 'choice';
  if (type === 'boolean' || type === 'integer' || type === 'number') return type;
  if (type === 'array' || type === 'object') return 'json';
  if (type === 'string') {
    if (schema.format === 'date' || schema.format === 'date-time' || schema.format === 'time') return schema.format;
    return schema.format === 'multiline' ? 'long' : 'text';
  }
  return 'json';
}

function typesOf({ type, anyOf }: Schema): readonly string[] {
  if (typeof type === 'string') return [type];
  if (Array.isArray(type)) return type as string[];
  return Array.isArray(anyOf) ? (anyOf as Schema[]).flatMap(typesOf) : [];
}

export const mayBeNull = (schema: Schema) => typesOf(schema).includes('null');

/** A value as its field shows it. */
export function textOf(value: unknown, schema: Schema): string {
  if (value === null || value === undefined) return '';
  const kind = fieldKind(schema);
  if (kind === 'json') return JSON.stringify(value, null, 2);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export type Parsed = { readonly value: unknown } | { readonly problem: string } | undefined;

/** What a field's text means; undefined: nothing, the default holds. */
export function parseText(text: string, schema: Schema): Parsed {
  const kind = fieldKind(schema);
  if (text === '') return mayBeNull(schema) ? { value: null } : undefined;
  if (kind === 'text' || kind === 'long' || kind === 'date' || kind === 'time') return { value: text };
  if (kind === 'date-time') {
    const at = new Date(/Z$|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`);
    return Number.isNaN(at.getTime()) ? { problem: 'is no date and time' } : { value: at.toISOString() };
  }
  if (kind === 'number' || kind === 'integer') {
    const number = Number(text);
    if (Number.isNaN(number)) return { problem: 'is no number' };
    return kind === 'integer' && !Number.isInteger(number) ? { problem: 'is no whole number' } : { value: number };
  }
  if (kind === 'choice') {
    const choice = (schema.enum as unknown[]).find((each) => textOf(each, {}) === text || String(each) === text);
    return { value: choice };
  }
  if (kind === 'boolean') return { value: text === 'true' };
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { problem: `is no JSON: ${(error as Error).message}` };
  }
}

export function ParamField(props: ParamFieldProps) {
  const { name, schema, description, isRequired, problem } = props;
  const id = useId();
  const hint = useId();
  return (
    <div className="fld">
      <label htmlFor={id}>
        {typeof schema.title === 'string' ? schema.title : name}
        {isRequired && <span className="q3"> required</span>}
      </label>
      <Field {...props} id={id} hint={hint} />
      {(problem || description) && (
        <div className={problem ? 'hint bad' : 'hint'} id={hint}>
          {problem ? `${name} ${problem}` : description}
        </div>
      )}
    </div>
  );
}

function Field({
  schema,
  text,
  onText,
  id,
  hint,
  problem,
  description,
  isRequired,
}: ParamFieldProps & { readonly id: string; readonly hint: string }) {
  const kind = fieldKind(schema);
  const about = {
    id,
    'aria-describedby': problem || description ? hint : undefined,
    'aria-invalid': problem !== undefined,
    required: isRequired,
  };
  if (kind === 'boolean') {
    return (
      <input
        {...about}
        type="checkbox"
        checked={text === 'true'}
        required={false}
        onChange={(event) => onText(String(event.target.checked))}
      />
    );
  }
  if (kind === 'choice') {
    return (
      <select {...about} className="in w" value={text} onChange={(event) => onText(event.target.value)}>
        {(!isRequired || text === '') && <option value="" />}
        {(schema.enum as unknown[]).map((each) => (
          <option key={String(each)} value={String(each)}>
            {String(each)}
          </option>
        ))}
      </select>
    );
  }
  if (kind === 'json' || kind === 'long') {
    return (
      <textarea
        {...about}
        className="in w area"
        rows={kind === 'json' ? 4 : 5}
        spellCheck={kind === 'long'}
        value={text}
        onChange={(event) => onText(event.target.value)}
      />
    );
  }
  const types = {
    text: 'text',
    number: 'number',
    integer: 'number',
    date: 'date',
    'date-time': 'text',
    time: 'time',
  } as const;
  return (
    <span className="in w">
      <input
        {...about}
        type={types[kind]}
        step={kind === 'number' ? 'any' : undefined}
        min={typeof schema.minimum === 'number' ? schema.minimum : undefined}
        max={typeof schema.maximum === 'number' ? schema.maximum : undefined}
        placeholder={kind === 'date-time' ? '2026-03-10T06:00:00Z' : undefined}
        value={text}
        onChange={(event) => onText(event.target.value)}
      />
    </span>
  );
}
