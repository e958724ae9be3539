import { expect, it } from 'vitest';
import { paramsOfRun } from './params.ts';
import { decodeValue, encodeValue } from './value.ts';

const workflow = (kind: 'dag' | 'flow') => ({
  id: 'nightly',
  kind,
  params: {
    defaults: { table: encodeValue('orders') },
    schema: { type: 'object', properties: { table: { type: 'string' } }, additionalProperties: false },
  },
});

const paramsOf = (kind: 'dag' | 'flow', conf: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(paramsOfRun(workflow(kind), conf)).map(([name, value]) => [name, decodeValue(value)]),
  );

it('lays the conf over the defaults, and keeps what a DAG does not declare, as Airflow does', () => {
  expect(paramsOf('dag', {})).toEqual({ table: 'orders' });
  expect(paramsOf('dag', { table: 'archive', x: 1 })).toEqual({ table: 'archive', x: 1 });
});

it('checks what is declared; of a flow everything', () => {
  expect(() => paramsOf('dag', { table: 7, x: 1 })).toThrow('table must be string');
  expect(() => paramsOf('flow', { x: 1 })).toThrow('additional properties');
});
