import type { ZonedCron } from './zoned-cron.ts';

const PRESET_TEXTS: Readonly<Record<string, string>> = {
  '* * * * *': 'Every minute',
  '0 * * * *': 'Every hour',
  '0 0 * * *': 'Every day at 00:00',
};
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** A short text for the common shapes of cron expressions; the expression itself for the others. */
export function describeCron(cron: ZonedCron): string {
  return `${describeExpression(cron.expression.text)}, ${cron.zone.name}`;
}

function describeExpression(text: string): string {
  const preset = PRESET_TEXTS[text];
  if (preset) return preset;
  const fields = text.trim().split(/\s+/);
  const [minute = '', hour = '', day, month, weekday = ''] = fields;
  if (fields.length !== 5 || month !== '*') return text;
  const everyDay = day === '*' && weekday === '*';
  const steps = /^\*\/(\d+)$/.exec(minute);
  if (steps && hour === '*' && everyDay) return `Every ${steps[1]} minutes`;
  if (!/^\d+$/.test(minute)) return text;
  if (hour === '*' && everyDay) return `At minute ${Number(minute)} of every hour`;
  if (!/^\d+(,\d+)*$/.test(hour)) return text;
  const times = hour.split(',').map((value) => `${value.padStart(2, '0')}:${minute.padStart(2, '0')}`);
  const at = `at ${times.join(' and ')}`;
  if (everyDay) return `Every day ${at}`;
  if (day === '*' && /^[0-7]$/.test(weekday)) return `Every ${WEEKDAYS[Number(weekday) % 7]} ${at}`;
  if (day === '*' && /^(1-5|mon-fri)$/i.test(weekday)) return `Monday to Friday ${at}`;
  if (weekday === '*' && /^\d+$/.test(day ?? '')) return `Day ${Number(day)} of every month ${at}`;
  return text;
}
