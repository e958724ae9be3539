import { useQuery } from '@tanstack/react-query';
import { sessionQuery } from '../live/queries.ts';

/** For who signed in with a token. A form, so that the browser itself goes to where one signs in. */
export function SignOut() {
  const { data } = useQuery(sessionQuery);
  if (!data?.signed_in) return null;
  return (
    <form method="post" action="/logout">
      <button type="submit" className="b ghost" title={`Signed in as ${data.name}, role ${data.role}`}>
        Sign out
      </button>
    </form>
  );
}
