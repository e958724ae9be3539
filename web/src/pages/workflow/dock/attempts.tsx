import type { TimelineRow } from '../../../live/types.ts';
import { duration } from '../../../parts/duration.ts';
import { useNow } from '../../../parts/now.tsx';
import { StateGlyph } from '../../../parts/state.tsx';
import { clockTimeWithSeconds } from '../../../parts/time.tsx';
import { useZone } from '../../../parts/zone.tsx';

interface AttemptsProps {
  readonly row: TimelineRow;
  readonly chosen: number | undefined;
  readonly onChoose: (attempt: number | undefined) => void;
}

/** Attempts, the newest first, with the waits between them. */
export function Attempts({ row, chosen, onChoose }: AttemptsProps) {
  const now = useNow();
  const zone = useZone();
  const newestFirst = [...row.attempts].reverse();
  if (newestFirst.length === 0) return <p className="q3 sm">Not tried yet.</p>;
  const most = Math.max(row.max_tries, newestFirst[0]!.try_number);
  return (
    <ul className="tries">
      {newestFirst.map((attempt, n) => {
        const before = newestFirst[n + 1];
        const end = attempt.end_date ? Date.parse(attempt.end_date) : now;
        const number = attempt.try_number;
        const outcome = attempt.outcome === 'lost' ? 'failed' : attempt.outcome;
        return [
          <li key={number} className={number === chosen ? 'sel' : ''}>
            <StateGlyph state={outcome} />
            <button
              type="button"
              className="as-link"
              aria-pressed={number === chosen}
              onClick={() => onChoose(number === chosen ? undefined : number)}
            >
              <b>
                Attempt {number}
                {most > 1 && ` of ${most}`}
              </b>
            </button>
            <span>{duration((end - Date.parse(attempt.start_date)) / 1000)}</span>
            <p>
              {attempt.error
                ? `${attempt.error.type}: ${attempt.error.message.split('\n')[0]}`
                : attempt.outcome === 'lost'
                  ? 'The worker was lost.'
                  : `${attempt.end_date ? 'from' : 'since'} ${clockTimeWithSeconds(new Date(attempt.start_date), zone.name)} ${zone.label}`}
            </p>
          </li>,
          before?.end_date && (
            <li key={`gap ${number}`} className="gap">
              waited {duration((Date.parse(attempt.start_date) - Date.parse(before.end_date)) / 1000)}
            </li>
          ),
        ];
      })}
    </ul>
  );
}
