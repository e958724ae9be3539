import { Link } from '@tanstack/react-router';

export function NoWorkflow({ dagId }: { readonly dagId: string }) {
  return (
    <div className="empty">
      <h1>There is no workflow {dagId}</h1>
      <p>
        No pipeline file defines it.{' '}
        <Link to="/workflows" className="a">
          All workflows
        </Link>
      </p>
    </div>
  );
}
