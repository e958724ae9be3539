import type { BackfillPreview } from '../../live/types.ts';
import { type PreviewDate, Was, Will, willRun } from './preview-day.tsx';

const DAY = 86_400_000;
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** The days of the span by weeks: for schedules with one date a day at most. */
export function Calendar({ preview }: { readonly preview: BackfillPreview }) {
  const dates = preview.dates.map((date) => ({ date, day: dayNumber(date) }));
  const [first, last] = [dates[0]!.day, dates.at(-1)!.day];
  const byDay = new Map(dates.map(({ date, day }) => [day, date]));
  const start = first - weekday(first);
  const weeks = Math.floor((last - start) / 7) + 1;
  return (
    <div className="cal" role="group" aria-label="Preview by day">
      <div className="h wk" />
      {DAYS.map((day) => (
        <div key={day} className="h">
          {day}
        </div>
      ))}
      {Array.from({ length: weeks }, (_, week) => start + week * 7).map((monday) => [
        <div key={`w${monday}`} className="wk">
          W{weekNumber(monday)}
        </div>,
        ...[0, 1, 2, 3, 4, 5, 6].map((n) => {
          const day = monday + n;
          const date = byDay.get(day);
          return date ? (
            <Day key={day} day={day} date={date} isMonthNamed={day === first} />
          ) : (
            <div key={day} className="out" aria-hidden="true" />
          );
        }),
      ])}
    </div>
  );
}

interface DayProps {
  readonly day: number;
  readonly date: PreviewDate;
  /** The first of all; of a month always. */
  readonly isMonthNamed: boolean;
}

function Day({ day, date, isMonthNamed }: DayProps) {
  const at = new Date(day * DAY);
  return (
    <div className={willRun(date) ? 'go' : 'keep'}>
      <div className="d">
        <time dateTime={at.toISOString().slice(0, 10)}>
          {at.getUTCDate()}
          {(isMonthNamed || at.getUTCDate() === 1) && ` ${monthOf(at)}`}
        </time>
      </div>
      <Was date={date} />
      <Will date={date} />
    </div>
  );
}

const dayNumber = ({ logical_date: at }: PreviewDate) => Math.floor(Date.parse(at) / DAY);

/** Monday is 0. */
const weekday = (day: number) => (((day + 3) % 7) + 7) % 7;

const monthOf = (at: Date) => at.toLocaleDateString('en-GB', { month: 'short', timeZone: 'UTC' });

/** As ISO counts them: that of its Thursday's year. */
function weekNumber(monday: number): number {
  const thursday = monday + 3;
  const newYear = Math.floor(Date.UTC(new Date(thursday * DAY).getUTCFullYear(), 0, 1) / DAY);
  return Math.floor((thursday - newYear) / 7) + 1;
}

/** Whether each day has one date at most, so that days can stand for dates. */
export function fitsCalendar({ dates }: BackfillPreview): boolean {
  return dates.length > 0 && dates.length <= 400 && new Set(dates.map(dayNumber)).size === dates.length;
}
