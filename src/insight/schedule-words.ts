import type { z } from 'zod';
import type { schedule } from '../api/contract/workflows.ts';
import type { SpecHead } from '../model/spec.ts';
import { timetableFor } from '../timetable/timetable-for.ts';

/** A schedule in words, as it is written, and its zone. */
export function scheduleWords(spec: Pick<SpecHead, 'schedule' | 'timezone'>): z.infer<typeof schedule> {
  const own = spec.schedule;
  const timezone = 'timezone' in own ? own.timezone : spec.timezone;
  if (own.kind === 'none') return { text: null, expression: null, timezone };
  const described = timetableFor(own).describe();
  const text = described.endsWith(`, ${timezone}`) ? described.slice(0, -timezone.length - 2) : described;
  const expression =
    own.kind === 'cron_interval' ? own.expression : own.kind === 'cron' ? own.expressions.join(' and ') : null;
  return { text, expression, timezone };
}
