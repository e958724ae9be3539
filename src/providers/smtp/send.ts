import type { Connection } from '../../model/connection.ts';
import { MillraceError } from '../../model/errors.ts';
import { unlessAborted } from '../abort.ts';
import { extraFlag, extraText } from '../connections.ts';
import { loadPeer } from '../peer.ts';

type Addresses = string | readonly string[];

interface Envelope {
  readonly to: Addresses;
  readonly cc?: Addresses;
  readonly bcc?: Addresses;
  readonly replyTo?: string;
  readonly subject: string;
  /** Default: `from_email` of the connection's extra, else its login when that is an address. */
  readonly from?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly attachments?: readonly Attachment[];
}

export interface Attachment {
  readonly filename: string;
  readonly content: string | Uint8Array;
  readonly contentType?: string;
}

/** A message has a body as plain text, as HTML, or both. */
export type MailMessage = Envelope &
  ({ readonly text: string; readonly html?: string } | { readonly text?: string; readonly html: string });

export interface SentMail {
  readonly messageId: string;
  readonly accepted: readonly string[];
  /** Addresses that the server refused; it took the message for the others. */
  readonly rejected: readonly string[];
}

const TIMEOUT_MS = 30_000;

/**
 * Sends a message over a connection of type `smtp` or `smtps`, also outside of a task. `smtps` or port 465 is TLS from
 * the start; otherwise the port is 587 and STARTTLS is required when there is a login, and used if offered when there
 * is none; `extra.disable_tls` forbids it. `extra.timeout` is in seconds, 30 unless given.
 */
export async function sendMail(
  connection: Connection,
  message: MailMessage,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<SentMail> {
  signal?.throwIfAborted();
  const { createTransport } = await loadPeer('nodemailer', () => import('nodemailer'));
  const from = message.from ?? defaultSender(connection);
  const transport = createTransport(transportOptions(connection));
  const close = () => transport.close();
  signal?.addEventListener('abort', close, { once: true });
  try {
    const sending = transport.sendMail({
      ...message,
      from,
      to: list(message.to),
      cc: list(message.cc),
      bcc: list(message.bcc),
      headers: { ...message.headers },
      attachments: (message.attachments ?? []).map(({ content, ...rest }) => ({
        ...rest,
        content: typeof content === 'string' ? content : Buffer.from(content),
      })),
      // A body or attachment is what the caller gives, never a file or URL that a value happens to name.
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    const { messageId, accepted, rejected } = await unlessAborted(sending, signal);
    return { messageId, accepted: accepted.map(address), rejected: rejected.map(address) };
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw smtpError(error, connection);
  } finally {
    signal?.removeEventListener('abort', close);
    transport.close();
  }
}

function transportOptions(connection: Connection) {
  const { type, host, port, login, password } = connection;
  const secure = type === 'smtps' || port === 465;
  const timeout = Number(extraText(connection, 'timeout') ?? TIMEOUT_MS / 1000) * 1000;
  const plain = extraFlag(connection, 'disable_tls') === true;
  return {
    host: host ?? 'localhost',
    port: port ?? (secure ? 465 : 587),
    secure,
    ignoreTLS: plain,
    requireTLS: !secure && !plain && login !== undefined,
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    ...(login === undefined ? {} : { auth: { user: login, pass: password ?? '' } }),
    ...(extraFlag(connection, 'verify') === false ? { tls: { rejectUnauthorized: false } } : {}),
  };
}

function defaultSender(connection: Connection): string {
  const sender = extraText(connection, 'from_email');
  if (sender !== undefined) return sender;
  if (connection.login?.includes('@')) return connection.login;
  throw new MillraceError('invalid_connection', `connection '${connection.name}' does not say who sends`, {
    fix: 'Add from_email to its extra, ?from_email=pipelines@example.com, or give the message a `from`.',
  });
}

function list(addresses: Addresses | undefined): string[] {
  return addresses === undefined ? [] : typeof addresses === 'string' ? [addresses] : [...addresses];
}

function address(item: string | { readonly address: string }): string {
  return typeof item === 'string' ? item : item.address;
}

const FIXES: Readonly<Record<string, string>> = {
  EAUTH: 'Check login and password of the connection.',
  ETLS: 'The server offers no TLS: use its TLS port, or set extra.disable_tls to send the login in the clear.',
  ECONNREFUSED: 'Check host and port of the connection, and that the server runs.',
  ESOCKET: 'Check host and port of the connection, and that the server runs.',
  EDNS: 'Check the host of the connection.',
  ETIMEDOUT: 'Check host, port and firewall of the connection.',
  EENVELOPE: 'Check the addresses of sender and recipients.',
};

function smtpError(error: unknown, connection: Connection): unknown {
  if (MillraceError.is(error) || !(error instanceof Error)) return error;
  const { code } = error as { code?: string };
  const fix = code === undefined ? undefined : FIXES[code];
  return new MillraceError('provider_error', `SMTP '${connection.name}': ${error.message}`, {
    ...(fix === undefined ? {} : { fix }),
    cause: error,
  });
}
