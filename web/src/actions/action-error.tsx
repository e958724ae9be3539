import { ApiError } from '../live/api.ts';
import { Glyph } from '../parts/glyph.tsx';

/** Why something was not done, and what can be done about it. */
export function ActionError({ error }: { readonly error: Error | null }) {
  if (!error) return null;
  const { code, fix } = error instanceof ApiError ? error : { code: undefined, fix: undefined };
  return (
    <div className="say failed act-error" role="alert">
      <Glyph name="failed" />
      <span>
        <b>{error.message}</b>
        {fix && ` ${fix}`} {code && <code className="q3">{code}</code>}
      </span>
    </div>
  );
}
