import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { ActionError } from '../../actions/action-error.tsx';
import { useAction } from '../../actions/use-action.ts';
import { type BackfillForm, previewQuery, startBackfill } from '../../live/backfill-queries.ts';
import type { BackfillPreview, Workflow } from '../../live/types.ts';
import { workflowQuery } from '../../live/workflow-queries.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Glyph } from '../../parts/glyph.tsx';
import { EXACTLY } from '../../parts/here.ts';
import { many } from '../../parts/many.ts';
import { useNow } from '../../parts/now.tsx';
import { Part } from '../../parts/part.tsx';
import { lookOf, StateGlyph } from '../../parts/state.tsx';
import { useTitle } from '../../parts/title.ts';
import { useKeys } from '../../shell/keys.tsx';
import { Calendar, fitsCalendar } from './calendar.tsx';
import { DateList } from './date-list.tsx';
import { Figures } from './figures.tsx';
import { defaults, type FormSearch, formOf } from './form-state.ts';
import { Lanes } from './lanes.tsx';
import { Settings } from './settings.tsx';

const route = getRouteApi('/workflows/$dagId/backfills/new');

/** Runs for a span of the past: what it would do, and then does. */
export function NewBackfill() {
  const { dagId } = route.useParams();
  const workflow = useQuery(workflowQuery(dagId));
  useTitle(`New backfill of ${dagId}`);
  return (
    <Part query={workflow} what={dagId}>
      {(answer) => <Loaded workflow={answer} />}
    </Part>
  );
}

const REST_MS = 80;
const REPROCESS = [undefined, 'failed', 'completed'] as const;

function Loaded({ workflow }: { readonly workflow: Workflow }) {
  const { dag_id: dagId } = workflow;
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { history } = useRouter();
  const [day] = useState(useNow());
  const [conf, setConf] = useState('{}');
  const set = (change: FormSearch) => void navigate({ search: (was) => ({ ...was, ...change }), replace: true });
  const result = formOf(dagId, search, conf, day);
  const form = 'form' in result ? result.form : undefined;
  const rested = useRested(form);
  const preview = useQuery({ ...previewQuery(rested ?? EMPTY), enabled: rested !== undefined });
  const action = useAction(() => startBackfill(form!), {
    said: ({ progress }) => `a backfill of ${many(progress.total, 'date')} has begun`,
    onDone: () => void navigate({ to: '/workflows/$dagId/backfills', params: { dagId } }),
  });
  const count = preview.data?.will_run ?? 0;
  const canStart = form !== undefined && count > 0 && !action.isPending && !preview.isPlaceholderData;
  const start = () => canStart && action.mutate();
  const isList = search.view === 'list';
  useKeys('Backfill', [
    {
      keys: 'r',
      what: 'reprocess',
      hint: true,
      run: () =>
        set({ reprocess: REPROCESS[(REPROCESS.indexOf(search.reprocess as 'failed') + 1) % REPROCESS.length] }),
    },
    { keys: 'v', what: 'calendar or list', hint: true, run: () => set({ view: isList ? undefined : 'list' }) },
    { keys: '⌘↵', what: 'start', hint: true, run: start },
    { keys: 'esc', what: 'back', hint: true, run: () => history.back() },
  ]);
  return (
    <div className="bf-page">
      <div className="head list-head">
        <nav className="crumbs" aria-label="Breadcrumb">
          <Link to="/workflows" activeOptions={EXACTLY}>
            Workflows
          </Link>
          <Glyph name="i-right" />
          <Link to="/workflows/$dagId" params={{ dagId }} activeOptions={EXACTLY}>
            {dagId}
          </Link>
          <Glyph name="i-right" />
          <Link to="/workflows/$dagId/backfills" params={{ dagId }} activeOptions={EXACTLY}>
            Backfills
          </Link>
        </nav>
        <div className="hl">
          <h1>New backfill</h1>
          <span className="q3">
            {workflow.schedule.text ?? 'by hand'} {workflow.schedule.text !== null && workflow.schedule.timezone}
          </span>
        </div>
      </div>
      <div className="split bf">
        <section className="sec bf-preview" aria-label="Preview">
          <Part query={preview} what="the preview">
            {(answer) => <Preview preview={answer} form={rested!} isList={isList} onView={(view) => set({ view })} />}
          </Part>
        </section>
        <aside className="pad" aria-label="Settings">
          <Settings
            workflow={workflow}
            search={{
              ...defaults(day),
              ...search,
              from: search.from ?? defaults(day).from,
              to: search.to ?? defaults(day).to,
            }}
            form={form}
            problem={'problem' in result ? result.problem : undefined}
            preview={preview.data}
            conf={conf}
            onConf={setConf}
            onChange={set}
          />
        </aside>
      </div>
      <div className="foot-act">
        <ActionError error={action.error} />
        <span className="q2">
          <b>{many(count, 'run')}</b>, {many(preview.data?.task_instances ?? 0, 'task instance')}. You can pause or
          cancel it at any time; runs that started go on.
        </span>
        {preview.data && <CopyButton text={preview.data.command}>Copy as CLI</CopyButton>}
        <Link className="b" to="/workflows/$dagId" params={{ dagId }}>
          Cancel
        </Link>
        <button type="button" className="b pri" disabled={!canStart} onClick={start}>
          Start {many(count, 'run')} <kbd className="on">⌘↵</kbd>
        </button>
      </div>
    </div>
  );
}

const EMPTY: BackfillForm = {
  dagId: '',
  from: '',
  to: '',
  reprocess: 'none',
  atOnce: 1,
  isNewestFirst: false,
  conf: undefined,
};

/** What has been the same for a moment: typing asks once, not at every letter. */
function useRested(form: BackfillForm | undefined): BackfillForm | undefined {
  const [rested, setRested] = useState(form);
  const text = JSON.stringify(form);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text stands for the form.
  useEffect(() => {
    const timer = setTimeout(() => setRested(form), REST_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return rested;
}

/** `31 dates, 20 Oct to 19 Nov 2026`. */
function title({ dates, dates_total: total }: BackfillPreview): string {
  const [first, last] = [dates[0], dates.at(-1)];
  if (!first || !last || dates.length < total) return many(total, 'date');
  const day = (at: string, options: Intl.DateTimeFormatOptions) =>
    new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC', ...options });
  const year = { year: 'numeric' } as const;
  const isOneYear = first.logical_date.slice(0, 4) === last.logical_date.slice(0, 4);
  const end = day(last.logical_date, year);
  const span = total === 1 ? end : `${day(first.logical_date, isOneYear ? {} : year)} to ${end}`;
  return `${many(total, 'date')}, ${span}`;
}

const ORDER = ['success', 'failed', 'running', 'queued', 'cancelled', 'none'] as const;

interface PreviewProps {
  readonly preview: BackfillPreview;
  readonly form: BackfillForm;
  readonly isList: boolean;
  readonly onView: (view: string | undefined) => void;
}

function Preview({ preview, form, isList, onView }: PreviewProps) {
  const counts = Map.groupBy(preview.dates, ({ run }) => run?.state ?? 'none');
  const states = ORDER.filter((state) => counts.has(state));
  const canCalendar = fitsCalendar(preview);
  const showsList = isList || !canCalendar;
  return (
    <>
      <Figures preview={preview} atOnce={form.atOnce} />
      <div className="sh bf-head">
        <h2>{title(preview)}</h2>
        <div className="legend">
          <span>
            <i className="k-go" />
            will run
          </span>
          {states.map((state) => (
            <span key={state}>
              <StateGlyph state={state === 'none' ? null : state} size={12} />
              {counts.get(state)!.length} {state === 'none' ? 'no run' : lookOf(state).word.toLowerCase()}
            </span>
          ))}
        </div>
        {canCalendar && (
          <div className="end">
            <fieldset className="seg" aria-label="Show as">
              <button type="button" aria-pressed={!isList} onClick={() => onView(undefined)}>
                Calendar
              </button>
              <button type="button" aria-pressed={isList} onClick={() => onView('list')}>
                List
              </button>
            </fieldset>
          </div>
        )}
      </div>
      {preview.dates.length === 0 ? (
        <div className="empty">
          <p>
            <b>The schedule has no date between these two.</b>
          </p>
        </div>
      ) : showsList ? (
        <DateList preview={preview} />
      ) : (
        <Calendar preview={preview} />
      )}
      <Lanes preview={preview} isNewestFirst={form.isNewestFirst} atOnce={form.atOnce} />
    </>
  );
}
