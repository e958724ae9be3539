import { createRequire } from 'node:module';
import type { ParamIssue } from './parsed-params.ts';

type Validator = ((value: unknown) => boolean) & {
  errors?:
    | readonly { readonly instancePath: string; readonly message?: string; readonly params?: Record<string, unknown> }[]
    | null;
};
type Ajv = { compile(schema: object): Validator };

let ajv: Ajv | undefined;

/** Checks a value by a JSON Schema (draft 2020-12) and tells all that is wrong. */
export function validateJson(schema: object, value: unknown): ParamIssue[] {
  ajv ??= loadAjv();
  const validate = ajv.compile(schema);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) => ({
    path: instancePath.slice(1).replaceAll('/', '.'),
    message: `${message ?? 'is not valid'}${params?.allowedValues ? `: ${JSON.stringify(params.allowedValues)}` : ''}`,
  }));
}

/** Loaded when first needed: it takes longer than all the rest of the package, and most DAGs never need it. */
function loadAjv(): Ajv {
  const load = createRequire(import.meta.url);
  const { Ajv2020 } = load('ajv/dist/2020.js') as { Ajv2020: new (options: object) => Ajv };
  const formats = load('ajv-formats') as { default: (ajv: Ajv) => void };
  const made = new Ajv2020({ allErrors: true, strict: false });
  formats.default(made);
  return made;
}
