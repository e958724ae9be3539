import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { MillraceError } from './errors.ts';
import type { ParamsSpec, WorkflowSpec } from './spec.ts';
import { decodeValue, encodeValue } from './value.ts';

/**
 * The params of one run: the workflow's defaults with the run's conf laid over them, checked against the workflow's
 * schema (JSON Schema draft 2020-12, with formats). Throws `invalid_params` naming each field that does not fit.
 * Names that the conf has and the workflow does not declare are params too, as in Airflow; of a DAG they are not checked.
 */
export function paramsOfRun(
  workflow: Pick<WorkflowSpec, 'id' | 'kind' | 'params'>,
  conf: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const { params: spec } = workflow;
  const values: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(spec.defaults)) values[name] = decodeValue(text);
  const declared = new Set([...Object.keys(spec.defaults), ...Object.keys(propertiesOf(spec))]);
  const others: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(conf)) {
    if (declared.has(name) || workflow.kind === 'flow') values[name] = value;
    else others[name] = value;
  }
  const problems = spec.schema ? problemsOf(spec.schema, values) : [];
  if (problems.length > 0) {
    throw new MillraceError('invalid_params', `the params of ${workflow.id} do not fit: ${problems.join('; ')}`, {
      fix: 'Give values that fit the params schema of the DAG, with --conf or in the request.',
    });
  }
  const all = Object.entries({ ...values, ...others });
  return Object.fromEntries(all.map(([name, value]) => [name, encodeValue(value)]));
}

function propertiesOf({ schema }: ParamsSpec): object {
  const properties = schema?.properties;
  return typeof properties === 'object' && properties !== null ? properties : {};
}

// Dates and the like are checked in the form in which they travel as JSON.
function problemsOf(schema: object, values: Record<string, unknown>): string[] {
  const ajv = new Ajv2020({ allErrors: true, strict: false, useDefaults: false });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  const validate = ajv.compile(schema);
  if (validate(JSON.parse(JSON.stringify(values)))) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    const field = instancePath.slice(1).replaceAll('/', '.');
    const missing = 'missingProperty' in params ? ` (${String(params.missingProperty)})` : '';
    return `${field === '' ? 'params' : field} ${message ?? 'is invalid'}${missing}`;
  });
}
