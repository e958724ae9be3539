import type { BackfillForm } from '../../live/backfill-queries.ts';

/** What the address holds of the form. */
export interface FormSearch {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly reprocess?: string | undefined;
  readonly atOnce?: number | undefined;
  readonly order?: string | undefined;
  readonly view?: string | undefined;
}

const DAY = 86_400_000;
const REPROCESS = ['none', 'failed', 'completed'] as const;

/** A date, or a date and time; a day alone begins and ends with itself, in UTC. */
function instant(text: string, edge: 'first' | 'last'): string | undefined {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text);
  const at = Date.parse(isDay ? `${text}T${edge === 'first' ? '00:00:00.000' : '23:59:59.999'}Z` : text);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

export const dayText = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** The last 30 days, until somebody says otherwise. */
export const defaults = (now: number) => ({ from: dayText(now - 30 * DAY), to: dayText(now - DAY) });

/** What the form says, or which field of it means nothing. */
export function formOf(
  dagId: string,
  search: FormSearch,
  conf: string,
  now: number,
): { readonly form: BackfillForm } | { readonly problem: string } {
  const first = defaults(now);
  const from = instant(search.from ?? first.from, 'first');
  const to = instant(search.to ?? first.to, 'last');
  if (from === undefined) return { problem: 'From is no date.' };
  if (to === undefined) return { problem: 'To is no date.' };
  const params = paramsOf(conf);
  if (params === null) return { problem: 'The parameters are no JSON object.' };
  return {
    form: {
      dagId,
      from,
      to,
      reprocess: REPROCESS.find((each) => each === search.reprocess) ?? 'none',
      atOnce: search.atOnce && search.atOnce > 0 ? search.atOnce : 10,
      isNewestFirst: search.order === 'newest',
      conf: params,
    },
  };
}

function paramsOf(text: string): Readonly<Record<string, unknown>> | undefined | null {
  if (text.trim() === '' || text.trim() === '{}') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
