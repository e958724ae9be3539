import type { WebAPICallResult, WebClient } from '@slack/web-api';
import type { Connection } from '../../model/connection.ts';
import { MillraceError } from '../../model/errors.ts';
import { currentScope } from '../../sdk/scope.ts';
import { unlessAborted } from '../abort.ts';
import { extraText, resolveConnection } from '../connections.ts';
import { loadPeer } from '../peer.ts';

export interface PostOptions {
  /** Timestamp of the message to answer to. */
  readonly thread_ts?: string;
  /** Block Kit blocks; the text is then what notifications show. */
  readonly blocks?: readonly object[];
  /** Any other argument of chat.postMessage. */
  readonly [argument: string]: unknown;
}

export interface PostedMessage {
  readonly channel: string;
  /** Identifies the message in its channel. */
  readonly ts: string;
}

export interface Slack {
  /** Posts a message to a channel, by name or id (chat.postMessage). */
  post(channel: string, text: string, options?: PostOptions): Promise<PostedMessage>;
  /** Calls any method of Slack's Web API. */
  call<T = WebAPICallResult>(method: string, payload?: Readonly<Record<string, unknown>>): Promise<T>;
}

/**
 * Slack's Web API, by the name of a connection of type `slack`: its password is the token (xoxb-…). `host` and `port`
 * (with the type `slack+http` over plain HTTP) or `extra.base_url` name another server. Needs @slack/web-api. When Slack
 * asks to wait, a call waits, and it tries again three times at most when no answer comes.
 */
export function slack(target: string): Slack {
  const call = async <T>(method: string, payload: Readonly<Record<string, unknown>> = {}): Promise<T> => {
    const scope = currentScope();
    const signal = scope?.context.signal;
    signal?.throwIfAborted();
    const connection = await resolveConnection(target, { provider: 'slack', types: ['slack', 'slack+http'] }, scope);
    try {
      const client = await clientFor(connection, signal);
      return (await unlessAborted(client.apiCall(method, { ...payload }), signal)) as T;
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw slackError(error, method);
    }
  };
  return {
    call,
    async post(channel, text, options = {}) {
      const posted = await call<PostedMessage>('chat.postMessage', { ...options, channel, text });
      return { channel: posted.channel, ts: posted.ts };
    },
  };
}

const RETRIES = { retries: 3, minTimeout: 500, factor: 2, randomize: true };
const TIMEOUT_MS = 30_000;

/** A client for one call: it holds no connection, and its fetch ends with the attempt. */
async function clientFor(connection: Connection, signal: AbortSignal | undefined): Promise<WebClient> {
  if (connection.password === undefined) {
    throw new MillraceError('invalid_connection', `connection '${connection.name}' has no token`, {
      fix: 'Set its password to the token of the Slack app: slack://:xoxb-…@',
    });
  }
  const { WebClient, LogLevel } = await loadPeer('@slack/web-api', () => import('@slack/web-api'));
  const slackApiUrl = apiUrl(connection);
  return new WebClient(connection.password, {
    ...(slackApiUrl === undefined ? {} : { slackApiUrl }),
    retryConfig: RETRIES,
    timeout: TIMEOUT_MS,
    allowAbsoluteUrls: false,
    logLevel: LogLevel.ERROR,
    fetch: (url, init) => {
      const signals = [init?.signal, signal].filter((one) => one !== undefined);
      return fetch(url, { ...init, ...(signals.length > 0 ? { signal: AbortSignal.any(signals) } : {}) });
    },
  });
}

function apiUrl(connection: Connection): string | undefined {
  const given = extraText(connection, 'base_url');
  if (given !== undefined) return given.endsWith('/') ? given : `${given}/`;
  const { host, port, type, schema } = connection;
  if (host === undefined) return undefined;
  const scheme = type === 'slack+http' ? 'http' : 'https';
  return `${scheme}://${host}${port === undefined ? '' : `:${port}`}/${schema ?? 'api'}/`;
}

const FIXES: Readonly<Record<string, string>> = {
  invalid_auth: 'Check the password (token) of the connection.',
  not_authed: 'Set the password of the connection to the token of the Slack app.',
  token_revoked: 'Install the Slack app again and set its new token.',
  token_expired: 'Set a new token as the password of the connection.',
  channel_not_found: "Check the channel's name; a private channel needs the app as a member.",
  not_in_channel: 'Invite the app to the channel: /invite @app',
  is_archived: 'Restore the channel, or post to another one.',
  missing_scope: 'Give the Slack app the scope that the method needs, chat:write for messages, and install it again.',
};

function slackError(error: unknown, method: string): unknown {
  if (MillraceError.is(error) || !(error instanceof Error)) return error;
  const reason = (error as { data?: { error?: string } }).data?.error;
  const fix = reason === undefined ? undefined : FIXES[reason];
  return new MillraceError('provider_error', `Slack ${method}: ${reason ?? error.message}`, {
    ...(fix === undefined ? {} : { fix }),
    cause: error,
  });
}
