import { useConnection } from '../live/live.tsx';
import { Glyph } from '../parts/glyph.tsx';
import { useNow } from '../parts/now.tsx';
import { clockTimeWithSeconds } from '../parts/time.tsx';
import { useZone } from '../parts/zone.tsx';

/** In the top bar: whether what is shown is live. */
export function Pulse() {
  const { state } = useConnection();
  const isAway = state === 'away';
  return (
    <span className={isAway ? 'pulse away' : 'pulse'} title={isAway ? 'Not live' : 'Live'}>
      <span>{isAway ? 'Away' : 'Live'}</span>
    </span>
  );
}

/** Below the top bar, while the server is away: since when, and when it is tried again. */
export function AwayBanner() {
  const { state, lastTruth, nextTry, tryNow } = useConnection();
  const zone = useZone();
  const now = useNow();
  if (state !== 'away') return null;
  const wait = nextTry === undefined ? undefined : Math.max(0, Math.ceil((nextTry - now) / 1000));
  return (
    <div className="say" role="status">
      <Glyph name="i-late" tone="late" />
      <span>
        <b>
          Not live since {clockTimeWithSeconds(new Date(lastTruth), zone.name)} {zone.label}.
        </b>{' '}
        What you see is from then.{wait === undefined ? '' : ` Next attempt in ${wait} s.`}
      </span>
      <button type="button" className="b" onClick={tryNow}>
        Try now
      </button>
    </div>
  );
}
