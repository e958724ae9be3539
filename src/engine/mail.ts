import type { ErrorReport } from '../executor/executor.ts';
import type { Store } from '../store/store.ts';
import type { DueMail } from './timers.ts';

export interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** The same for the same occasion, so that a receiver can tell a mail that was sent twice. */
  readonly messageId: string;
}

/** Sends mail. Given from outside: the engine knows no SMTP. */
export interface Mailer {
  send(mail: Mail): Promise<void>;
}

/** The mail about a failed attempt, or null when what it is about is gone. */
export async function mailAbout(
  store: Store,
  { run: runId, task, index, attempt, kind }: DueMail,
): Promise<Mail | null> {
  const run = await store.queries.run(runId);
  const version = run && (await store.queries.version(run.versionId));
  if (!run || !version) return null;
  const spec = version.spec.tasks[task];
  if (!spec || spec.email.length === 0) return null;
  const attempts = await store.queries.attempts(runId);
  const ended = attempts.find((row) => row.task === task && row.index === index && row.attempt === attempt);
  const name = index >= 0 ? `${spec.id}[${index}]` : spec.id;
  const what = kind === 'mail_failure' ? 'failed' : 'failed and will be tried again';
  const error = ended?.error ? (JSON.parse(ended.error) as ErrorReport) : null;
  return {
    to: spec.email,
    subject: `${version.spec.id}: ${name} ${what}`,
    text: [
      `Task ${name} of ${version.spec.id} ${what}.`,
      '',
      `Run:      ${run.runId}`,
      `Attempt:  ${attempt} of ${spec.retries + 1}`,
      `Reason:   ${ended?.reason ?? 'unknown'}`,
      ...(error ? ['', `${error.name}: ${error.message}`, ...(error.stack ? ['', error.stack] : [])] : []),
      '',
      `Log:      millrace runs logs ${version.spec.id} ${run.runId} --task ${spec.id}`,
    ].join('\n'),
    messageId: `<${kind}.${runId}.${task}.${index}.${attempt}@millrace>`,
  };
}
