import { currentScope } from '../../sdk/scope.ts';
import { resolveConnection } from '../connections.ts';
import { type MailMessage, type SentMail, sendMail } from './send.ts';

export { type Attachment, type MailMessage, type SentMail, sendMail } from './send.ts';

export interface Smtp {
  send(message: MailMessage): Promise<SentMail>;
}

/** E-mail over SMTP, by the name of a connection of type `smtp` or `smtps`, or by its URI. Needs nodemailer. */
export function smtp(target: string): Smtp {
  return {
    async send(message) {
      const scope = currentScope();
      const connection = await resolveConnection(
        target,
        { provider: 'smtp', types: ['smtp', 'smtps', 'email'] },
        scope,
      );
      const sent = await sendMail(connection, message, scope ? { signal: scope.context.signal } : {});
      if (sent.rejected.length > 0)
        scope?.context.log.warn('the mail server refused some addresses', { rejected: sent.rejected });
      return sent;
    },
  };
}
