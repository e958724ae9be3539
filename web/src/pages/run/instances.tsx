import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { INSTANCES_A_PAGE, instancesQuery, type RunName } from '../../live/run-queries.ts';
import { Pages } from '../../parts/pages.tsx';
import { Part } from '../../parts/part.tsx';
import type { Scale } from './scale.ts';
import { isSame, type Selection } from './selection.ts';
import { Row } from './timeline.tsx';

interface InstancesProps {
  readonly run: RunName;
  readonly taskId: string;
  readonly scale: Scale;
  readonly selection: Selection | undefined;
}

/** Rows of the instances of a mapped task, those that are not done first. */
export function Instances({ run, taskId, scale, selection }: InstancesProps) {
  const [page, setPage] = useState(1);
  const query = useQuery(instancesQuery(run, taskId, page));
  return (
    <Part query={query} what={`the instances of ${taskId}`} rows={4}>
      {(answer) => (
        <>
          {answer.rows.map((row) => (
            <Row
              key={row.map_index}
              row={row}
              scale={scale}
              dagId={run.dagId}
              run={run.runId}
              isSelected={isSame(row, selection)}
              isInstance
            />
          ))}
          <Pages total={answer.total_entries} size={INSTANCES_A_PAGE} page={page} onPage={setPage} />
        </>
      )}
    </Part>
  );
}
