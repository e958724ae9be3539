import { MillraceError } from '../../../model/errors.ts';
import type { SealedRow } from '../../../store/rows.ts';
import { checkName, registerOf, type Summary } from '../../../vault/entry.ts';
import type { Owner, SealedKind } from '../../../vault/vault.ts';
import { didYouMean } from '../../names.ts';
import { finderOver } from '../../server/server.ts';
import type { Session } from '../../session.ts';

/** What the commands for connections, variables and secrets have in common. */

export async function putSealed(session: Session, owner: Owner, text: string, summary: Summary): Promise<void> {
  checkName(owner);
  const sealed = await session.vault.seal(owner, text);
  const row = { name: owner.name, sealed, summary: JSON.stringify(summary), updatedAt: session.clock.now() };
  await session.operate(({ tx }) => registerOf(tx, owner.kind).put(row));
}

export async function listSealed(session: Session, kind: SealedKind): Promise<readonly SealedRow[]> {
  return session.operate(({ tx }) => registerOf(tx, kind).list());
}

/** Throws `not_found`. */
export async function removeSealed(session: Session, owner: Owner): Promise<void> {
  const removed = await session.operate(({ tx }) => registerOf(tx, owner.kind).remove(owner.name));
  if (!removed) throw await unknown(session, owner);
}

/** As a running body would find it. Throws `missing_connection` and its kin. */
export async function findSealed(session: Session, owner: Owner) {
  const finder = finderOver(await session.store(), { home: session.home.folder, env: session.env });
  const found = await finder.find(owner);
  if (!found) throw await unknown(session, owner);
  return found;
}

async function unknown(session: Session, { kind, name }: Owner): Promise<MillraceError> {
  const known = (await listSealed(session, kind)).map((row) => row.name);
  return new MillraceError('not_found', `there is no ${kind} '${name}'`, {
    fix: didYouMean(name, known, `millrace ${kind}s list`),
  });
}

/** The value of a command: its argument, or stdin, so that it need not stand in the shell's history. */
export async function valueOrInput(value: string | undefined, what: string): Promise<string> {
  if (value !== undefined && value !== '-') return value;
  if (process.stdin.isTTY) {
    throw new MillraceError('invalid_argument', `${what} is missing`, {
      fix: `Give it as an argument, or pipe it in: echo "…" | millrace …`,
    });
  }
  let text = '';
  process.stdin.setEncoding('utf8');
  for await (const piece of process.stdin) text += String(piece);
  return text.replace(/\r?\n$/, '');
}
