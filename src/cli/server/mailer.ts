import { hostname } from 'node:os';
import type { Mail, Mailer } from '../../engine/mail.ts';
import { type Connection, parseConnection } from '../../model/connection.ts';
import { MillraceError } from '../../model/errors.ts';
import type { Finder } from '../../vault/lookup.ts';

/** The connection over which a server mails about failures. */
const CONNECTION = 'smtp_default';

/** Sends mail over the connection `smtp_default`, which is looked up anew for each. */
export function smtpMailer(finder: Finder, options: { readonly from?: string | undefined }): Mailer {
  return {
    async send({ to, subject, text, messageId }: Mail): Promise<void> {
      const found = await finder.connection(CONNECTION);
      if (found === null) {
        throw new MillraceError('missing_connection', `mail cannot be sent: there is no connection '${CONNECTION}'`, {
          fix: `millrace connections add ${CONNECTION} --uri 'smtp://login:password@host:587?from_email=me@example.org'`,
        });
      }
      const { sendMail } = await import('../../providers/smtp/index.ts');
      const connection = parseConnection(CONNECTION, found);
      const from = options.from ?? (namesSender(connection) ? undefined : `millrace@${hostname()}`);
      await sendMail(connection, {
        to,
        subject,
        text,
        headers: { 'Message-ID': messageId },
        ...(from === undefined ? {} : { from }),
      });
    },
  };
}

function namesSender({ extra, login }: Connection): boolean {
  return typeof extra.from_email === 'string' || login?.includes('@') === true;
}
