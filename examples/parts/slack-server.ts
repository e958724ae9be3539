import { appendFileSync, readFileSync } from 'node:fs';
import { type Answer, type HttpServer, parseJson, type Request, startHttpServer } from './http-server.ts';

export interface SlackMessage {
  readonly channel: string;
  readonly text: string;
  /** Slack's time stamp of the message, its id in the channel. */
  readonly ts: string;
}

export interface SlackServer extends HttpServer {
  /** Base address for a Slack client (`slackApiUrl`). */
  readonly apiUrl: string;
  messages(): SlackMessage[];
}

/**
 * A server that speaks the part of Slack's Web API that posts messages: `chat.postMessage`, `auth.test`, `api.test`.
 * As Slack does, it answers 200 with `ok: false` and an error code to what it refuses: `not_authed`, `invalid_auth`,
 * `channel_not_found`, `no_text`, `msg_too_long`, `unknown_method`. The messages are kept in a file, one JSON object a
 * line, and `GET /messages` lists them.
 */
export async function startSlackServer(options: { token: string; file: string }): Promise<SlackServer> {
  const messages = readMessages(options.file);
  const server = await startHttpServer((request) => {
    if (request.method === 'GET' && request.path === '/messages') return { status: 200, body: { messages } };
    if (request.method !== 'POST' || !request.path.startsWith('/api/')) {
      return { status: 404, body: { error: 'see POST /api/chat.postMessage and GET /messages' } };
    }
    return call(request, { token: options.token, messages, file: options.file });
  });
  return { ...server, apiUrl: `${server.url}/api/`, messages: () => [...messages] };
}

/** A line that a kill cut off is not a message. */
function readMessages(file: string): SlackMessage[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line) => {
    const message = parseJson(line);
    return message ? [message as SlackMessage] : [];
  });
}

const refused = (error: string): Answer => ({ status: 200, body: { ok: false, error } });
const done = (body: object): Answer => ({ status: 200, body: { ok: true, ...body } });

const TEAM = { team: 'Millrace examples', team_id: 'T0000000001', user: 'millrace', user_id: 'U0000000001' };

function call(request: Request, slack: { token: string; messages: SlackMessage[]; file: string }): Answer {
  const method = request.path.slice('/api/'.length);
  const args = readArguments(request);
  if (!args) return refused('invalid_json');
  if (method === 'api.test') return done({ args });
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? args.token;
  if (!token) return refused('not_authed');
  if (token !== slack.token) return refused('invalid_auth');
  switch (method) {
    case 'auth.test':
      return done({ url: 'http://127.0.0.1/', ...TEAM });
    case 'chat.postMessage':
      return post(args, slack);
    default:
      return refused('unknown_method');
  }
}

/** Arguments come as a form, which is what Slack's own client sends, or as JSON. */
function readArguments(request: Request): Record<string, string> | undefined {
  if (!request.headers['content-type']?.startsWith('application/json')) {
    return Object.fromEntries(new URLSearchParams(request.body));
  }
  const body = parseJson(request.body);
  return typeof body === 'object' && body !== null ? (body as Record<string, string>) : undefined;
}

/** Slack cuts a text off at 40,000 characters; longer ones are refused here, so that the caller notices. */
const TEXT_LIMIT = 40_000;

function post(
  { channel, text, blocks, attachments }: Record<string, string>,
  { messages, file }: { messages: SlackMessage[]; file: string },
): Answer {
  if (typeof channel !== 'string' || !/^([#@]?[a-z0-9][a-z0-9._-]{0,79}|[CDGU][A-Z0-9]{8,})$/.test(channel)) {
    return refused('channel_not_found');
  }
  if (typeof text !== 'string' || text === '') {
    if (!blocks && !attachments) return refused('no_text');
  } else if (text.length > TEXT_LIMIT) return refused('msg_too_long');
  const previous = Number(messages.at(-1)?.ts ?? 0);
  const ts = Math.max(Date.now() / 1000, previous + 0.000_001).toFixed(6);
  const message = { channel, text: text ?? '', ts };
  appendFileSync(file, `${JSON.stringify(message)}\n`);
  messages.push(message);
  const echo = { type: 'message', subtype: 'bot_message', text: message.text, ts, bot_id: 'B0000000001' };
  return done({ channel, ts, message: echo });
}
