import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';

export interface MailServer {
  readonly port: number;
  /** Where the messages are, one `.eml` file each, named so that they sort by time. */
  readonly folder: string;
  /** The messages, oldest first, as they came. */
  messages(): Promise<string[]>;
  stop(): Promise<void>;
}

const SIZE_LIMIT = 10 * 1024 * 1024;

/**
 * A mail server on a free loopback port that delivers to nobody: every message that it takes becomes a file. The
 * address of the sender and of those it is for stand in front as `X-Envelope-From` and `X-Envelope-To`.
 */
export async function startMailServer({ folder }: { folder: string }): Promise<MailServer> {
  mkdirSync(folder, { recursive: true });
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: SIZE_LIMIT,
    onData: (stream, session, callback) => {
      keep(folder, stream, session).then(
        () => callback(),
        (error) => callback(error),
      );
    },
  });
  const listening = server.listen(0, '127.0.0.1');
  await new Promise<void>((resolve, reject) => {
    listening.once('listening', resolve);
    server.once('error', reject);
  });
  // A client that goes away in the middle is not this server's fault.
  server.on('error', () => {});
  const address = listening.address();
  if (typeof address !== 'object' || !address) throw new Error('the mail server has no port');
  return {
    port: address.port,
    folder,
    messages: async () => {
      const names = (await readdir(folder)).filter((name) => name.endsWith('.eml')).sort();
      return Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** The message is acknowledged only when its file is there, complete. */
async function keep(folder: string, stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  if (stream.sizeExceeded) throw Object.assign(new Error('the message is too large'), { responseCode: 552 });
  const { mailFrom, rcptTo } = session.envelope;
  const envelope = [
    `X-Envelope-From: ${mailFrom ? mailFrom.address : ''}`,
    `X-Envelope-To: ${rcptTo.map(({ address }) => address).join(', ')}`,
  ];
  const name = `${new Date().toISOString().replaceAll(':', '-')}-${randomUUID().slice(0, 8)}.eml`;
  const beginning = join(folder, `${name}.new`);
  await writeFile(beginning, Buffer.concat([Buffer.from(`${envelope.join('\r\n')}\r\n`), ...chunks]));
  await rename(beginning, join(folder, name));
}
