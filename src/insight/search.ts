import type { z } from 'zod';
import type { searchResults } from '../api/contract/search.ts';
import type { Sources } from './sources.ts';

type Hit = z.infer<typeof searchResults>['items'][number];

/** Workflows, tasks and runs whose names have all the words, those first whose name begins with the first. */
export async function search({ store }: Sources, text: string, limit: number): Promise<z.infer<typeof searchResults>> {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const [first] = words;
  if (first === undefined) return { items: [] };
  const known = await store.queries.workflows({ present: true });
  const matches = (name: string) => words.every((word) => name.toLowerCase().includes(word));
  const hits: Hit[] = [];
  for (const { name, kind, spec, paused } of known) {
    const about = { dag_id: name, workflow_kind: kind, dag_run_id: null, task_id: null, state: null };
    const [line] = spec.description?.split('\n') ?? [];
    if (matches(name))
      hits.push({ ...about, kind: 'workflow', title: name, subtitle: paused ? 'paused' : (line ?? kind) });
    // The only task that a flow is known to have before it runs is its body.
    for (const { id } of kind === 'flow' ? [] : spec.tasks) {
      if (matches(`${id} ${name}`) && words.some((word) => id.toLowerCase().includes(word))) {
        hits.push({ ...about, kind: 'task', task_id: id, title: id, subtitle: name });
      }
    }
  }
  const begins = ({ title }: Hit) => (title.toLowerCase().startsWith(first) ? 0 : 1);
  hits.sort(
    (a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || begins(a) - begins(b) || a.title.length - b.title.length,
  );
  const runs = await store.readings.runsNamed(text.trim(), 5);
  const byId = new Map(known.map((workflow) => [workflow.id, workflow]));
  const runHits = runs.flatMap((run): Hit[] => {
    const workflow = byId.get(run.workflowId);
    if (!workflow) return [];
    const { name, kind } = workflow;
    return [
      {
        kind: 'run',
        dag_id: name,
        workflow_kind: kind,
        dag_run_id: run.runId,
        task_id: null,
        title: run.runId,
        subtitle: name,
        state: run.state === 'cancelled' ? null : run.state,
      },
    ];
  });
  return { items: [...hits.slice(0, limit), ...runHits] };
}

const KINDS: readonly Hit['kind'][] = ['workflow', 'task', 'run'];
