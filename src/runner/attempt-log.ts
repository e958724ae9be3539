import type { LogLine } from '../executor/executor.ts';
import type { Clock } from '../model/clock.ts';
import type { Logger } from '../sdk/context.ts';
import { logLine, type Mask } from './log-line.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The log of one attempt: what the body says, what it prints, and what the system says about it, in one order. */
export class AttemptLog implements Logger {
  readonly #clock: Clock;
  readonly #mask: Mask;
  readonly #write: (line: LogLine) => void;
  #partial: { stdout: string; stderr: string } | undefined;

  constructor(clock: Clock, mask: Mask, write: (line: LogLine) => void) {
    this.#clock = clock;
    this.#mask = mask;
    this.#write = write;
  }

  debug(message: string, fields?: Fields): void {
    this.#line('debug', 'task', message, fields);
  }

  info(message: string, fields?: Fields): void {
    this.#line('info', 'task', message, fields);
  }

  warn(message: string, fields?: Fields): void {
    this.#line('warn', 'task', message, fields);
  }

  error(message: string, fields?: Fields): void {
    this.#line('error', 'task', message, fields);
  }

  /** The system speaking about the attempt. */
  system(level: LogLine['level'], message: string): void {
    this.#line(level, 'millrace', message);
  }

  /** Output of the console, in pieces of any size; a line is written once it is complete. */
  print(source: 'stdout' | 'stderr', text: string): void {
    this.#partial ??= { stdout: '', stderr: '' };
    const lines = (this.#partial[source] + text).split('\n');
    this.#partial[source] = lines.pop() ?? '';
    for (const line of lines) this.#printed(source, line);
  }

  /** Writes what was printed without a line's end. */
  end(): void {
    if (!this.#partial) return;
    for (const source of ['stdout', 'stderr'] as const) {
      const rest = this.#partial[source];
      this.#partial[source] = '';
      if (rest !== '') this.#printed(source, rest);
    }
  }

  #printed(source: 'stdout' | 'stderr', line: string): void {
    this.#line(source === 'stdout' ? 'info' : 'error', source, line.endsWith('\r') ? line.slice(0, -1) : line);
  }

  #line(level: LogLine['level'], source: LogLine['source'], message: string, fields?: Fields): void {
    const text = typeof message === 'string' ? message : String(message);
    this.#write(logLine({ at: this.#clock.now(), level, source, message: text, fields }, this.#mask));
  }
}
