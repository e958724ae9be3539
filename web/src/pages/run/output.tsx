import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '../../live/api.ts';
import { outputQuery, type RunName } from '../../live/run-queries.ts';
import { Part } from '../../parts/part.tsx';

interface OutputProps {
  readonly run: RunName;
  readonly taskId: string;
  readonly mapIndex: number;
}

/** Characters that are shown; an output may be a table. */
const MOST = 4_000;

/** What an instance returned; read when somebody wants to see it. */
export function Output({ run, taskId, mapIndex }: OutputProps) {
  const [isOpen, setOpen] = useState(false);
  const query = useQuery({ ...outputQuery(run, taskId, mapIndex), enabled: isOpen });
  const isNone = query.error instanceof ApiError && query.error.status === 404;
  return (
    <details className="output" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Output</summary>
      {isNone ? (
        <p className="sm q3">It returned nothing.</p>
      ) : (
        isOpen && (
          <Part query={query} what="the output" rows={2}>
            {({ value }) => <Value text={JSON.stringify(value, null, 1) ?? 'null'} />}
          </Part>
        )
      )}
    </details>
  );
}

function Value({ text }: { readonly text: string }) {
  const more = text.length - MOST;
  return (
    <>
      <section className="json" tabIndex={0} aria-label="Value">
        {text.slice(0, MOST)}
      </section>
      {more > 0 && <p className="sm q3">… and {more.toLocaleString('en')} more characters</p>}
    </>
  );
}
