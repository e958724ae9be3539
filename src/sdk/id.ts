import { MillraceError } from '../model/errors.ts';
import type { PlaceProbe } from './place.ts';

const LONGEST_ID = 250;
const ID = /^[A-Za-z0-9._-]+$/;

/**
 * Checks the id of a workflow, task or group by Airflow's rule: ASCII letters, digits, '-', '.' and '_', 250 at most.
 * A group's own name has no dot, because dots join it with what is in it. Throws `invalid_id`.
 */
export function checkId(what: 'DAG' | 'flow' | 'task' | 'group', id: unknown, place: PlaceProbe): asserts id is string {
  const problem = problemOf(what, id);
  if (!problem) return;
  const written = typeof id === 'string' && id.length <= 60 ? `'${id}'` : typeof id === 'string' ? 'this' : typeof id;
  throw new MillraceError(
    'invalid_id',
    `${written} cannot be the ${what === 'DAG' ? 'id of a DAG' : `name of a ${what}`}: ${problem}`,
    {
      fix: fixOf(id),
      ...placed(place),
    },
  );
}

/** Checks the full id of a task or a group, with the groups in front. Throws `invalid_id`. */
export function checkFullId(what: 'task' | 'group', id: string, place: PlaceProbe): void {
  if (id.length <= LONGEST_ID) return;
  throw new MillraceError(
    'invalid_id',
    `the id of ${what} '${id.slice(0, 40)}…' is ${id.length} characters long, the groups in front included`,
    {
      fix: `Shorten the names of the ${what} and its groups to ${LONGEST_ID} characters together.`,
      ...placed(place),
    },
  );
}

/** A place as error details: nothing where it is not known. */
export function placed(place: PlaceProbe): { readonly place?: NonNullable<ReturnType<PlaceProbe>> } {
  const found = place();
  return found ? { place: found } : {};
}

function problemOf(what: 'DAG' | 'flow' | 'task' | 'group', id: unknown): string | undefined {
  if (typeof id !== 'string') return 'it is not a text';
  if (id === '') return 'it is empty';
  if (id.length > LONGEST_ID) return `it has ${id.length} characters`;
  if (!ID.test(id)) {
    const wrong = [...id].find((character) => !ID.test(character));
    return `it contains ${JSON.stringify(wrong)}`;
  }
  if (what === 'group' && id.includes('.')) return "it contains '.', which joins a group and what is in it";
  return undefined;
}

function fixOf(id: unknown): string {
  const rule = `Use ASCII letters, digits, '-', '.' and '_' only, ${LONGEST_ID} characters at most`;
  if (typeof id !== 'string' || id.length > LONGEST_ID) return `${rule}.`;
  const better = id
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._-]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return better === '' || better === id ? `${rule}.` : `${rule}; '${better}' would do.`;
}
