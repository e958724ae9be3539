import { Link } from '@tanstack/react-router';
import type { RunName } from '../../live/run-queries.ts';

/** There is no such run: says so, and leads to the workflow's runs. */
export function NoRun({ dagId, runId, message }: RunName & { readonly message: string }) {
  return (
    <div className="empty">
      <h1>There is no run {runId}</h1>
      <p>
        {message}. It never was there, or it was removed.{' '}
        <Link to="/workflows/$dagId/runs" params={{ dagId }} className="a">
          Runs of {dagId}
        </Link>
      </p>
    </div>
  );
}
