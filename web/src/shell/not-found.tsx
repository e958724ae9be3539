import { Link, useRouterState } from '@tanstack/react-router';
import { useTitle } from '../parts/title.ts';

/** An address that leads nowhere. A workflow or run that is not there says so in its own view. */
export function NotFound() {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  useTitle('No such page');
  return (
    <div className="empty">
      <h1>There is no page {path}</h1>
      <p>
        It never was one.{' '}
        <Link to="/" className="a">
          Home
        </Link>{' '}
        shows what needs attention, and all workflows.
      </p>
    </div>
  );
}
