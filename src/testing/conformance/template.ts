import { dateForms } from '../../model/date.ts';
import { strftime } from '../../model/strftime.ts';

/** A template cannot be rendered: it names what is not there, or asks of a value what it does not have. */
export class RenderError extends Error {
  override readonly name = 'RenderError';
}

const MISSING = Symbol('missing');
type Value = unknown;
type Scope = Readonly<Record<string, unknown>>;

/** A length of time, as `macros.timedelta(days=1)` makes it. */
class TimeDelta {
  readonly ms: number;

  constructor(ms: number) {
    this.ms = ms;
  }
}

const UNIT_MS: Readonly<Record<string, number>> = {
  weeks: 7 * 86_400_000,
  days: 86_400_000,
  hours: 3_600_000,
  minutes: 60_000,
  seconds: 1000,
};

const DATE_FILTERS: Readonly<Record<string, keyof ReturnType<typeof dateForms>>> = {
  ds: 'ds',
  ds_nodash: 'dsNodash',
  ts: 'ts',
  ts_nodash: 'tsNodash',
  ts_nodash_with_tz: 'tsNodashWithTz',
};

/**
 * Renders the Jinja of the cases, strictly: expressions with attributes, calls, sums and filters, and a condition on
 * whether something is defined. Throws RenderError.
 */
export function render(template: string, scope: Scope): string {
  const condition = /^\{% if (.+?) is (not )?defined %\}(.*?)\{% else %\}(.*?)\{% endif %\}$/s.exec(template);
  if (condition) {
    const [, name = '', not, yes = '', no = ''] = condition;
    const defined = new Expression(name, scope).value() !== MISSING;
    return defined === (not === undefined) ? yes : no;
  }
  return template.replaceAll(/\{\{(.*?)\}\}/gs, (_, text: string) => shown(new Expression(text, scope).value()));
}

/** As Python's str() writes it. */
function shown(value: Value): string {
  const present = given(value);
  if (present === null) return 'None';
  if (present instanceof Date) return dateForms(present.getTime()).ts.replace('T', ' ');
  if (typeof present === 'boolean') return present ? 'True' : 'False';
  if (typeof present === 'object') throw new RenderError('the cases show no objects');
  return String(present);
}

function given(value: Value): unknown {
  if (value === MISSING) throw new RenderError('it is undefined');
  return value;
}

const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|'([^']*)'|"([^"]*)"|([.,()|+\-=]))/y;

class Expression {
  readonly #tokens: (string | { readonly literal: string | number })[] = [];
  readonly #scope: Scope;
  #at = 0;

  constructor(text: string, scope: Scope) {
    this.#scope = scope;
    TOKEN.lastIndex = 0;
    const trimmed = text.trim();
    while (TOKEN.lastIndex < trimmed.length) {
      const found = TOKEN.exec(trimmed);
      if (!found) throw new SyntaxError(`the template '${text}' is not of a known form`);
      const [, number, name, single, double, sign] = found;
      const literal = number === undefined ? (single ?? double) : Number(number);
      this.#tokens.push(literal === undefined ? (name ?? sign)! : { literal });
    }
  }

  value(): Value {
    const value = this.#filtered();
    if (this.#at < this.#tokens.length) throw new SyntaxError('there is more in the template than an expression');
    return value;
  }

  #takes(sign: string): boolean {
    if (this.#tokens[this.#at] !== sign) return false;
    this.#at += 1;
    return true;
  }

  #filtered(): Value {
    let value = this.#sum();
    while (this.#takes('|')) {
      const name = String(this.#tokens[this.#at++]);
      const { positional } = this.#takes('(') ? this.#arguments() : { positional: [] };
      value = name === 'default' ? (value === MISSING ? positional[0] : value) : dateFilter(name, given(value));
    }
    return value;
  }

  #sum(): Value {
    let value = this.#member();
    for (;;) {
      const sign = this.#takes('+') ? 1 : this.#takes('-') ? -1 : 0;
      if (sign === 0) return value;
      const [left, right] = [given(value), given(this.#member())];
      if (left instanceof Date && right instanceof TimeDelta) value = new Date(left.getTime() + sign * right.ms);
      else if (typeof left === 'number' && typeof right === 'number') value = left + sign * right;
      else throw new RenderError('these cannot be added');
    }
  }

  #member(): Value {
    let value = this.#atom();
    for (;;) {
      if (this.#takes('.')) value = attribute(given(value), String(this.#tokens[this.#at++]));
      else if (this.#takes('(')) {
        const { positional, named } = this.#arguments();
        const called = given(value);
        if (typeof called !== 'function') throw new RenderError('it cannot be called');
        const values = positional.map(given);
        value = Object.keys(named).length > 0 ? called(named) : called(...values);
      } else return value;
    }
  }

  #atom(): Value {
    const token = this.#tokens[this.#at++];
    if (typeof token === 'object') return token.literal;
    if (token === '-') return -Number(given(this.#atom()));
    if (token === '(') {
      const value = this.#filtered();
      if (!this.#takes(')')) throw new SyntaxError('a bracket is not closed');
      return value;
    }
    if (token === undefined || !/^\w/.test(token)) throw new SyntaxError('a value is missing in the template');
    return Object.hasOwn(this.#scope, token) ? this.#scope[token] : MISSING;
  }

  #arguments(): { readonly positional: Value[]; readonly named: Record<string, Value> } {
    const positional: Value[] = [];
    const named: Record<string, Value> = {};
    while (!this.#takes(')')) {
      const name = this.#tokens[this.#at];
      if (typeof name === 'string' && this.#tokens[this.#at + 1] === '=') {
        this.#at += 2;
        named[name] = given(this.#filtered());
      } else positional.push(this.#filtered());
      if (!this.#takes(',') && this.#tokens[this.#at] !== ')') throw new SyntaxError('a bracket is not closed');
    }
    return { positional, named };
  }
}

/** Attributes of Python's values; a name that an object does not have is undefined. */
function attribute(of: unknown, name: string): Value {
  if (of instanceof Date) {
    if (name !== 'strftime') throw new RenderError(`a date has no ${name} here`);
    return (format: string) => strftime(of.getTime(), format);
  }
  if (typeof of !== 'object' || of === null) throw new RenderError(`it has no ${name}`);
  return Object.hasOwn(of, name) ? (of as Scope)[name] : MISSING;
}

function dateFilter(name: string, value: unknown): string {
  const form = DATE_FILTERS[name];
  if (!form) throw new SyntaxError(`there is no filter '${name}' here`);
  if (!(value instanceof Date)) throw new RenderError(`${name} is a filter for dates`);
  return dateForms(value.getTime())[form];
}

/** What stands in for Python's datetime.timedelta. */
export function timedelta(units: Readonly<Record<string, number>>): TimeDelta {
  const lengths = Object.entries(units).map(([unit, amount]) => (UNIT_MS[unit] ?? Number.NaN) * amount);
  return new TimeDelta(lengths.reduce((sum, length) => sum + length, 0));
}
