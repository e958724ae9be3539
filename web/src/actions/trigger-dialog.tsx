import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { api, ok } from '../live/api.ts';
import { timelineQuery } from '../live/run-queries.ts';
import type { DagDetails } from '../live/types.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Failed } from '../parts/part.tsx';
import { ActionError } from './action-error.tsx';
import { ParamField, type Parsed, parseText, type Schema, textOf } from './param-field.tsx';
import { useAction } from './use-action.ts';

export interface TriggerDialogProps {
  readonly dagId: string;
  /** The run whose inputs are taken over. */
  readonly prefillRun?: string;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** A new run, with a form made from the schema of the params. */
export function TriggerDialog({ dagId, prefillRun, open, onClose }: TriggerDialogProps) {
  const details = useQuery({
    queryKey: ['details', dagId],
    queryFn: () => ok(api.GET('/api/v2/dags/{dag_id}/details', { params: { path: { dag_id: dagId } } })),
    enabled: open,
  });
  const before = useQuery({
    ...timelineQuery({ dagId, runId: prefillRun ?? '' }),
    enabled: open && prefillRun !== undefined,
  });
  const isReady = details.data && (prefillRun === undefined || before.data || before.error);
  if (!open) return null;
  if (!isReady) {
    return (
      <Dialog title={`Trigger ${dagId}`} open onClose={onClose}>
        {details.error ? (
          <Failed what={`the params of ${dagId}`} error={details.error} again={() => void details.refetch()} />
        ) : (
          <p className="q3">Reading the params …</p>
        )}
      </Dialog>
    );
  }
  return <Form details={details.data} conf={before.data?.run.conf} onClose={onClose} />;
}

interface FormProps {
  readonly details: DagDetails;
  readonly conf: Readonly<Record<string, unknown>> | undefined;
  readonly onClose: () => void;
}

function Form({ details, conf, onClose }: FormProps) {
  const { dag_id: dagId } = details;
  const navigate = useNavigate();
  const params = Object.entries(details.params ?? {});
  const required = new Set((details.params_schema?.required ?? []) as readonly string[]);
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(
      params.map(([name, { value, schema }]) => [
        name,
        textOf(conf && name in conf ? conf[name] : value, schema as Schema),
      ]),
    ),
  );
  const [date, setDate] = useState('');
  const [runId, setRunId] = useState('');
  const parsed = params.map(([name, { schema }]): readonly [string, Parsed] => [
    name,
    parseText(texts[name] ?? '', schema as Schema),
  ]);
  const problems = new Map(
    parsed.flatMap(([name, result]) => (result && 'problem' in result ? [[name, result.problem] as const] : [])),
  );
  for (const [name, result] of parsed) if (!result && required.has(name)) problems.set(name, 'must be given');
  const logicalDate = date === '' ? undefined : new Date(/Z$|[+-]\d\d:?\d\d$/.test(date) ? date : `${date}Z`);
  const dateProblem = logicalDate && Number.isNaN(logicalDate.getTime()) ? 'is no date and time' : undefined;
  // What is as the workflow has it need not be said.
  const given = Object.fromEntries(
    parsed.flatMap(([name, result]) => {
      const { value, schema } = details.params![name]!;
      return result && 'value' in result && (texts[name] !== textOf(value, schema as Schema) || required.has(name))
        ? [[name, result.value]]
        : [];
    }),
  );
  const action = useAction(
    () =>
      ok(
        api.POST('/api/v2/dags/{dag_id}/dagRuns', {
          params: { path: { dag_id: dagId } },
          body: {
            logical_date: (logicalDate ?? new Date()).toISOString(),
            conf: given,
            ...(runId === '' ? {} : { dag_run_id: runId }),
          },
        }),
      ),
    {
      said: (run) => `run ${run.dag_run_id} is ${run.state}`,
      onDone: (run) => {
        onClose();
        void navigate({ to: '/workflows/$dagId/runs/$runId', params: { dagId, runId: run.dag_run_id } });
      },
    },
  );
  const canStart = problems.size === 0 && !dateProblem && !action.isPending;
  const command = `npx millrace dags trigger ${dagId}${Object.keys(given).length > 0 ? ` --conf '${JSON.stringify(given)}'` : ''}`;
  const form = useId();
  return (
    <Dialog
      title={`Trigger ${dagId}`}
      open
      onClose={onClose}
      foot={
        <>
          <span className="q2 sm">{details.is_paused ? 'It is paused: the run waits until it is active.' : ''}</span>
          <CopyButton text={command}>Copy as CLI</CopyButton>
          <button type="button" className="b" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" form={form} className="b pri" disabled={!canStart}>
            Trigger
          </button>
        </>
      }
    >
      <form
        id={form}
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (canStart) action.mutate();
        }}
      >
        <ActionError error={action.error} />
        {params.map(([name, { schema, description }]) => (
          <ParamField
            key={name}
            name={name}
            schema={schema as Schema}
            description={description}
            isRequired={required.has(name)}
            text={texts[name] ?? ''}
            onText={(text) => setTexts({ ...texts, [name]: text })}
            problem={problems.get(name)}
          />
        ))}
        {params.length === 0 && <p className="q2">It has no params.</p>}
        <details className="more">
          <summary>Logical date and run id</summary>
          <div className="two">
            <ParamField
              name="Logical date"
              schema={{ type: 'string', format: 'date-time' }}
              description="Empty: now"
              isRequired={false}
              text={date}
              onText={setDate}
              problem={dateProblem}
            />
            <ParamField
              name="Run id"
              schema={{ type: 'string' }}
              description="Empty: made from the date"
              isRequired={false}
              text={runId}
              onText={setRunId}
              problem={undefined}
            />
          </div>
        </details>
      </form>
    </Dialog>
  );
}
