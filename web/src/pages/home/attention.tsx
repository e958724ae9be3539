import { Link } from '@tanstack/react-router';
import type { Attention as Answer, AttentionItem } from '../../live/types.ts';
import { Glyph, type GlyphName } from '../../parts/glyph.tsx';
import { many } from '../../parts/many.ts';
import { useNow } from '../../parts/now.tsx';
import { ago, since } from '../../parts/relative.ts';
import { clockTime } from '../../parts/time.tsx';
import { useZone } from '../../parts/zone.tsx';
import { Remedies } from './remedies.tsx';

interface Look {
  readonly tone: string;
  readonly glyph: GlyphName;
  readonly word: string;
}

const LOOKS: Readonly<Record<AttentionItem['kind'], Look>> = {
  failed: { tone: 'failed', glyph: 'failed', word: 'Failed' },
  late: { tone: 'late', glyph: 'i-late', word: 'Late' },
  limit: { tone: 'late', glyph: 'i-pool', word: 'Pool full' },
  broken_file: { tone: 'late', glyph: 'i-file', word: 'Broken file' },
};

/** What is wrong, the most urgent first; one green line when nothing is. */
export function Attention({ answer, next }: { readonly answer: Answer; readonly next: string | undefined }) {
  const { items, counts, total } = answer;
  const isQuiet = counts.succeeded + counts.failed + counts.running === 0;
  if (items.length === 0) {
    return (
      <div className="sec all-well">
        <h1 className="st success">
          <Glyph name="success" />
          Nothing needs attention
        </h1>
        <p className="q2 sm">
          {isQuiet ? 'Nothing has run' : `${many(counts.succeeded, 'run')} succeeded`} in the last 16 h.
          {next && ` Next: ${next}.`}
        </p>
      </div>
    );
  }
  return (
    <section aria-labelledby="h-att">
      <div className="sec att-head">
        <div className="sh">
          <h1 id="h-att">{total === 1 ? '1 needs attention' : `${total.toLocaleString('en')} need attention`}</h1>
          {items.length > 1 && <span className="q3 sm">most urgent first</span>}
          <Totals counts={counts} />
        </div>
      </div>
      <ul className="att">
        {items.map((item, n) => (
          <Item
            key={`${item.kind} ${item.dag_id} ${item.task_id} ${item.subject} ${item.fact}`}
            item={item}
            isFirst={n === 0}
          />
        ))}
      </ul>
      {total > items.length && (
        <p className="sec q3 sm">
          {(total - items.length).toLocaleString('en')} more failed before these:{' '}
          <Link className="a" to="/workflows" search={{ state: 'failed' }}>
            all that fail
          </Link>
        </p>
      )}
    </section>
  );
}

const TOTALS = ['failed', 'running', 'queued', 'succeeded'] as const;

function Totals({ counts }: Pick<Answer, 'counts'>) {
  return (
    <div className="end tot">
      {TOTALS.map((name) => {
        const state = name === 'succeeded' ? 'success' : name;
        return (
          <Link key={name} to="/runs" search={{ state }}>
            <Glyph name={state} />
            <b>{counts[name]}</b> {name}
          </Link>
        );
      })}
      <span className="q3">in the last 16 h</span>
    </div>
  );
}

function Item({ item, isFirst }: { readonly item: AttentionItem; readonly isFirst: boolean }) {
  const zone = useZone();
  const now = useNow();
  const { tone, glyph, word } = LOOKS[item.kind];
  const at = new Date(item.since);
  const isPast = item.kind === 'failed';
  const part =
    item.kind === 'failed' && item.instances_of > 1 ? `${word} ${item.instances} of ${item.instances_of}` : word;
  return (
    <li className={tone}>
      <span className={`st ${tone}`}>
        <Glyph name={glyph} tone={tone} />
        {part}
      </span>
      <div className="body">
        <div className="what">
          <Subject item={item} />
        </div>
        <p className="why">
          {item.kind === 'broken_file' && item.subject && <span className="m">{item.subject} </span>}
          <em>{item.fact}</em>
          {/^[,.;]/.test(item.detail) ? item.detail : ` ${item.detail}`}
        </p>
      </div>
      <div className="when">
        <b>{isPast ? ago(at.getTime(), now) : since(at.getTime(), now)}</b>
        <span className="q3">
          {isPast ? '' : 'since '}
          {clockTime(at, zone.name)} {zone.label}
        </span>
      </div>
      <Remedies item={item} isFirst={isFirst} />
    </li>
  );
}

function Subject({ item }: { readonly item: AttentionItem }) {
  const { kind, dag_id: dagId, dag_run_id: runId, task_id: taskId, subject } = item;
  if (dagId === null || kind === 'limit') return <b>{subject}</b>;
  return (
    <>
      <Link to="/workflows/$dagId" params={{ dagId }}>
        {dagId}
      </Link>
      {taskId !== null && (
        <>
          <span className="q3">›</span>
          {runId === null ? (
            <b>{taskId}</b>
          ) : (
            <Link to="/workflows/$dagId/runs/$runId" params={{ dagId, runId }} search={{ task: taskId }}>
              {taskId}
            </Link>
          )}
        </>
      )}
    </>
  );
}
