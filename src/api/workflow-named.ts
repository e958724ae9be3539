import { MillraceError } from '../model/errors.ts';
import type { KnownWorkflow, Store } from '../store/store.ts';

/** A workflow by its name. Throws `not_found`, in Airflow's words. */
export async function workflowNamed(
  { store }: { readonly store: Pick<Store, 'queries'> },
  name: string,
): Promise<KnownWorkflow> {
  const found = await store.queries.workflow(name);
  if (found) return found;
  throw new MillraceError('not_found', `The Dag with ID: \`${name}\` was not found`);
}
