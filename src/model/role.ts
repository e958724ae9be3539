import { MillraceError } from './errors.ts';

/** What somebody may do, each also what those before may: read; run things; change what they run with; give access. */
export const ROLES = ['viewer', 'user', 'op', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export const isRole = (text: string): text is Role => (ROLES as readonly string[]).includes(text);

/** Whether who has a role may do what needs another. */
export const allows = (held: Role, needed: Role): boolean => ROLES.indexOf(held) >= ROLES.indexOf(needed);

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,249}$/;

/** What starts runs without a token is called by these. */
const RESERVED = new Set(['backfill', 'cli', 'program', 'rest_api', 'test', 'timetable']);

/** Throws `invalid_id` for what cannot be the name of a token. */
export function checkTokenName(name: string): void {
  if (NAME.test(name) && !RESERVED.has(name)) return;
  throw new MillraceError('invalid_id', `'${name}' cannot be the name of a token`, {
    fix: `Use letters, digits, '_', '.', '@' and '-', at most 250, the first one a letter, digit or '_'; and none of ${[...RESERVED].join(', ')}.`,
  });
}
