import type { Timeline, TimelineRow } from '../../live/types.ts';

interface Kind {
  readonly type: string;
  readonly message: string;
  readonly place: string | null;
  readonly fix: string | null;
  readonly where: Map<string, { readonly row: TimelineRow; readonly attempts: number[] }>;
  times: number;
}

/** Errors of the run by fingerprint: type, message without numbers, the place in one's own code. */
export function errorKinds({ rows }: Pick<Timeline, 'rows'>): readonly Kind[] {
  const kinds = new Map<string, Kind>();
  for (const row of rows) {
    for (const { error, outcome, try_number: attempt } of row.attempts) {
      // What somebody has stopped is no error of its own.
      if (!error || outcome === 'cancelled') continue;
      const message = error.message.split('\n')[0] ?? '';
      const print = `${error.type} ${message.replace(/\d+/g, '#')} ${error.place?.replace(/:\d+(:\d+)?$/, '')}`;
      const kind = kinds.get(print) ?? {
        type: error.type,
        message,
        place: error.place,
        fix: error.fix,
        where: new Map(),
        times: 0,
      };
      kinds.set(print, kind);
      kind.times += 1;
      const place = kind.where.get(row.label) ?? { row, attempts: [] };
      kind.where.set(row.label, place);
      place.attempts.push(attempt);
    }
  }
  return [...kinds.values()].sort((a, b) => b.times - a.times);
}

export function Errors({ timeline }: { readonly timeline: Timeline }) {
  const kinds = errorKinds(timeline);
  const { error } = timeline.run;
  if (kinds.length === 0 && !error) return null;
  const times = kinds.reduce((sum, kind) => sum + kind.times, 0);
  return (
    <section className="blk" aria-labelledby="h-err">
      <div className="sh">
        <h2 id="h-err">Errors</h2>
        {kinds.length > 0 && (
          <span className="q3 sm">
            {kinds.length === 1 ? '1 kind' : `${kinds.length} kinds`}, {times === 1 ? 'once' : `${times} times`} in this
            run
          </span>
        )}
      </div>
      {kinds.map((kind) => (
        <div key={`${kind.type} ${kind.message} ${kind.place}`} className="err-kind">
          <p className="sm">
            <code>
              {kind.type}: {kind.message}
            </code>
          </p>
          <p className="sm q2">
            {[...kind.where]
              .slice(0, 5)
              .map(
                ([label, { row, attempts }]) =>
                  `${row.kind === 'mapped' ? `one of the ${label} that failed` : label}, ${attempts.length === 1 ? 'attempt' : 'attempts'} ${[...new Set(attempts)].join(', ')}`,
              )
              .join('; ')}
            {kind.where.size > 5 && ` and ${kind.where.size - 5} more`}
            {kind.place && (
              <>
                {' at '}
                <span className="m">{kind.place}</span>
              </>
            )}
          </p>
          {kind.fix && <p className="sm q2">{kind.fix}</p>}
        </div>
      ))}
      {kinds.length === 0 && error && (
        <p className="sm err-kind">
          <code>
            {error.type}: {error.message}
          </code>
        </p>
      )}
    </section>
  );
}
