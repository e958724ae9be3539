import { createHash } from 'node:crypto';
import { z } from 'zod';
import { iso } from '../../insight/iso.ts';
import { MillraceError } from '../../model/errors.ts';
import type { ImportErrorRow } from '../../store/rows.ts';
import { importError, importErrors as importErrorsAnswer } from '../contract/airflow/registers.ts';
import { beginsWith, likes, type Orders, ordered, pageOf } from '../list.ts';
import { limit, listed, offset } from '../query.ts';
import { type Routes, VIEWER } from '../route.ts';

type Shown = z.infer<typeof importError>;

const ORDERS: Orders<Shown> = {
  id: (each) => each.import_error_id,
  import_error_id: (each) => each.import_error_id,
  timestamp: (each) => each.timestamp,
  filename: (each) => each.filename,
  bundle_name: (each) => each.bundle_name,
  stacktrace: (each) => each.stack_trace,
};

const filter = z.object({
  limit: limit(),
  offset,
  order_by: listed(z.string()).default(['id']),
  filename_pattern: z.string().optional(),
  filename_prefix_pattern: z.string().optional(),
});

/** What is wrong with pipeline files. */
export const importErrors: Routes = (api, { store }) => {
  const all = async () => (await store.readings.importErrors()).map(respond);

  api.get(
    '/importErrors',
    { config: VIEWER, schema: { querystring: filter, response: { 200: importErrorsAnswer } } },
    async ({ query }) => {
      const wanted = (await all()).filter(
        ({ filename }) =>
          likes(filename, query.filename_pattern) && beginsWith(filename, query.filename_prefix_pattern),
      );
      return { import_errors: pageOf(ordered(wanted, query.order_by, ORDERS), query), total_entries: wanted.length };
    },
  );

  const one = z.object({ import_error_id: z.coerce.number().int() });
  api.get(
    '/importErrors/:import_error_id',
    { config: VIEWER, schema: { params: one, response: { 200: importError } } },
    async ({ params }) => {
      const found = (await all()).find(({ import_error_id: id }) => id === params.import_error_id);
      if (found) return found;
      throw new MillraceError('not_found', `The ImportError with id: \`${params.import_error_id}\` was not found`);
    },
  );
};

function respond(row: ImportErrorRow): Shown {
  const { file, line, column, code, message, fix, frame, at } = row;
  const place = `${file}${line === null ? '' : `:${line}${column === null ? '' : `:${column}`}`}`;
  const parts = [`${code}: ${message}`, `at ${place}`, frame, fix && `Fix: ${fix}`];
  return {
    import_error_id: numberOf(`${place} ${code}`),
    timestamp: iso(at),
    filename: file,
    bundle_name: 'millrace',
    stack_trace: parts.filter(Boolean).join('\n'),
  };
}

/** Errors have no number of their own: theirs is made of where and what they are, so that it stays the same. */
const numberOf = (text: string) => createHash('sha256').update(text).digest().readUIntBE(0, 6);
