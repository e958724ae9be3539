import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { AttentionItem } from '../../live/types.ts';

type Remedy = AttentionItem['remedies'][number];

interface RemedyLook {
  readonly label: (item: AttentionItem) => string;
  readonly link: (item: AttentionItem, classes: string, label: string) => ReactNode;
}

const runLink =
  (search: object): RemedyLook['link'] =>
  ({ dag_id: dagId, dag_run_id: runId, task_id: task }, classes, label) =>
    dagId !== null && runId !== null ? (
      <Link
        className={classes}
        to="/workflows/$dagId/runs/$runId"
        params={{ dagId, runId }}
        search={{ ...(task === null ? {} : { task }), ...search }}
      >
        {label}
      </Link>
    ) : null;

/** Repairs open their preview in the run, where one sees what they would do. */
const REMEDIES: Readonly<Record<Remedy, RemedyLook>> = {
  clear_failed: {
    label: ({ instances, instances_of }) => (instances_of > 1 ? `Re-run ${instances} failed` : 'Re-run failed'),
    link: runLink({ act: 'rerun' }),
  },
  resume: { label: ({ task_id }) => (task_id ? `Resume from ${task_id}` : 'Resume'), link: runLink({ act: 'resume' }) },
  open_log: { label: () => 'Log', link: runLink({}) },
  open_run: { label: () => 'Open run', link: runLink({}) },
  why: { label: () => 'Why', link: runLink({ show: 'why' }) },
  see_holders: {
    label: () => 'See what runs',
    link: (_item, classes, label) => (
      <Link className={classes} to="/runs" search={{ state: 'running' }}>
        {label}
      </Link>
    ),
  },
  show_code: {
    label: () => 'Show the error',
    link: ({ dag_id: dagId }, classes, label) =>
      dagId === null ? null : (
        <Link className={classes} to="/workflows/$dagId" params={{ dagId }}>
          {label}
        </Link>
      ),
  },
};

/** At most two; the first repairs, and that of the most urgent item is the page's primary button. */
export function Remedies({ item, isFirst }: { readonly item: AttentionItem; readonly isFirst: boolean }) {
  return (
    <div className="bs">
      {item.remedies.slice(0, 2).map((remedy, n) => {
        const { label, link } = REMEDIES[remedy];
        const classes = n > 0 ? 'b ghost' : isFirst ? 'b pri' : 'b';
        return <span key={remedy}>{link(item, classes, label(item))}</span>;
      })}
    </div>
  );
}
