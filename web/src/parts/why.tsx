import { Link, useNavigate } from '@tanstack/react-router';
import type { Remedy, Waiting, WhyReason } from '../live/types.ts';
import { CopyButton } from './copy-button.tsx';
import { Glyph, type GlyphName } from './glyph.tsx';
import { useNow } from './now.tsx';
import { until } from './relative.ts';
import { StateGlyph } from './state.tsx';

interface WhyProps {
  readonly waiting: readonly Waiting[];
  /** Opens the preview of an action; what it cannot do here is shown as its command. */
  readonly onRemedy: (remedy: Remedy) => void;
  readonly canDo: (remedy: Remedy) => boolean;
}

/** One item a waiting thing, one line a reason: its count, what it needs, when it should pass, and what can be done. */
export function WhyList({ waiting, onRemedy, canDo }: WhyProps) {
  return waiting.map((item) => (
    <div className="why-item" key={`${item.dag_run_id} ${item.task_id} ${item.map_index}`}>
      <div className="t">
        <StateGlyph state={item.state} />
        <span>{nameOf(item)}</span> <span className="q3 sm">{count(item.reasons.length)}</span>
      </div>
      {item.reasons.length === 0 ? (
        <p className="pass">Nothing is in its way: it starts within a second.</p>
      ) : (
        <ul>
          {item.reasons.map((reason) => (
            <li key={`${reason.kind} ${reason.fact}`}>
              <Glyph name={glyphOf(reason)} tone={toneOf(reason)} />
              <Reason reason={reason} onRemedy={onRemedy} canDo={canDo} />
            </li>
          ))}
        </ul>
      )}
      <Passing checks={item.passing} />
    </div>
  ));
}

function nameOf({ task_id: task, map_index: index, instances }: Waiting): string {
  if (task === null) return 'This run';
  if (instances > 1) return `${task}, ${instances} instances`;
  return index !== null && index >= 0 ? `${task}[${index}]` : task;
}

const count = (reasons: number) => (reasons === 1 ? '1 reason' : `${reasons} reasons`);

const GLYPHS: Partial<Record<WhyReason['kind'], GlyphName>> = {
  pool: 'i-pool',
  limit: 'i-pool',
  active_runs: 'i-block',
  backfill_limit: 'i-block',
  paused: 'i-pause',
  not_due: 'scheduled',
  retry_wait: 'up-for-retry',
  reschedule_wait: 'up-for-reschedule',
  deferred: 'deferred',
  approval: 'awaiting',
  queued: 'queued',
  no_worker: 'i-block',
  not_loaded: 'i-file',
};

const glyphOf = ({ kind }: WhyReason): GlyphName => GLYPHS[kind] ?? 'none';

/** Icons are orange: they are what is in the way; states have their own colour. */
const toneOf = (reason: WhyReason) => (glyphOf(reason).startsWith('i-') ? 'late' : glyphOf(reason));

interface ReasonProps {
  readonly reason: WhyReason;
  readonly onRemedy: (remedy: Remedy) => void;
  readonly canDo: (remedy: Remedy) => boolean;
}

function Reason({ reason, onRemedy, canDo }: ReasonProps) {
  const now = useNow();
  const { fact, needs, holders, limit, until: passes } = reason;
  return (
    <div>
      <b>{fact}</b>
      {holders.length > 0 && limit !== null && limit > 0 && <Holders reason={reason} />}
      {(needs || passes) && (
        <p>
          {needs}
          {needs && passes && ' '}
          {passes && `Should pass ${until(Date.parse(passes), now)}.`}
        </p>
      )}
      <div className="do">
        {reason.remedies.map((remedy) => (
          <RemedyLink key={`${remedy.kind} ${remedy.label}`} remedy={remedy} onRemedy={onRemedy} canDo={canDo} />
        ))}
      </div>
    </div>
  );
}

/** Who holds a limit, by their share. */
function Holders({ reason: { holders, limit } }: { readonly reason: WhyReason }) {
  const label = holders
    .map(({ dag_id: dag, task_id: task, slots }) => `${dag}${task ? ` ${task}` : ''} ${slots}`)
    .join(', ');
  return (
    <>
      <div className="bar-pool" role="img" aria-label={`${label}, of ${limit}`}>
        {holders.map((holder) => (
          <u
            key={`${holder.dag_id} ${holder.dag_run_id} ${holder.task_id}`}
            style={{ '--f': holder.slots } as object}
          />
        ))}
      </div>
      <p>{label}.</p>
    </>
  );
}

function RemedyLink({ remedy, onRemedy, canDo }: { readonly remedy: Remedy } & Omit<ReasonProps, 'reason'>) {
  const navigate = useNavigate();
  if (remedy.kind === 'show_instance' && remedy.dag_id && remedy.dag_run_id) {
    return (
      <Link
        className="a"
        to="/workflows/$dagId/runs/$runId"
        params={{ dagId: remedy.dag_id, runId: remedy.dag_run_id }}
        search={{
          ...(remedy.task_id ? { task: remedy.task_id } : {}),
          ...(remedy.map_index !== null && remedy.map_index >= 0 ? { map: remedy.map_index } : {}),
        }}
      >
        {remedy.label}
      </Link>
    );
  }
  if (remedy.kind === 'see_holders') {
    return (
      <button
        type="button"
        className="a as-link"
        onClick={() => void navigate({ to: '/runs', search: { state: 'running' } })}
      >
        {remedy.label}
      </button>
    );
  }
  if (canDo(remedy)) {
    return (
      <button type="button" className="a as-link" onClick={() => onRemedy(remedy)}>
        {remedy.label}
      </button>
    );
  }
  if (remedy.command === null) return <span>{remedy.label}</span>;
  return <CopyButton text={remedy.command}>{remedy.label}</CopyButton>;
}

/** What holds, in one sentence; all of it on request. */
function Passing({ checks }: { readonly checks: readonly string[] }) {
  if (checks.length === 0) return null;
  const few = checks.slice(0, 4).join(', ');
  if (checks.length <= 4)
    return (
      <p className="pass">{`${checks.length === 1 ? '1 other check passes' : `${checks.length} other checks pass`}: ${few}.`}</p>
    );
  return (
    <details className="pass">
      <summary>{`${checks.length} other checks pass: ${few} …`}</summary>
      {checks.slice(4).join(', ')}.
    </details>
  );
}
