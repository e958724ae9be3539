import pc from 'picocolors';

type Column = readonly [title: string, align?: 'right'];

export interface TerminalOptions {
  readonly json: boolean;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * What a command says: data on stdout, as JSON or for people; talk on stderr. Colours and progress only where a
 * terminal shows them.
 */
export class Terminal {
  readonly json: boolean;
  readonly colours: ReturnType<typeof pc.createColors>;
  readonly #stdout: NodeJS.WriteStream;
  readonly #stderr: NodeJS.WriteStream;
  #progress = false;

  constructor({ json, stdout, stderr, env }: TerminalOptions) {
    this.json = json;
    this.#stdout = stdout;
    this.#stderr = stderr;
    const coloured = env.FORCE_COLOR
      ? env.FORCE_COLOR !== '0'
      : stdout.isTTY === true && stderr.isTTY === true && !env.NO_COLOR;
    this.colours = pc.createColors(coloured && !json);
  }

  /** The answer of a command: JSON with --json, else the text. */
  data(value: unknown, text: () => string): void {
    this.line(this.json ? JSON.stringify(value, null, 2) : text());
  }

  /** One line of an answer that comes in pieces: with --json a JSON value a line. */
  piece(value: unknown, text: () => string): void {
    this.line(this.json ? JSON.stringify(value) : text());
  }

  line(text: string): void {
    if (text === '') return;
    this.clearProgress();
    this.#stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  }

  /** Talk: what goes on, hints, warnings. */
  say(text: string): void {
    this.clearProgress();
    this.#stderr.write(`${text}\n`);
  }

  /** A line that the next one replaces; nothing where stderr is no terminal. */
  progress(text: string): void {
    if (!this.#stderr.isTTY || this.json) return;
    this.#stderr.write(`\r\u001b[2K${text.slice(0, (this.#stderr.columns ?? 80) - 1)}`);
    this.#progress = true;
  }

  clearProgress(): void {
    if (!this.#progress) return;
    this.#stderr.write('\r\u001b[2K');
    this.#progress = false;
  }

  /** Rows in columns as wide as their widest cell. */
  table(columns: readonly (string | Column)[], rows: readonly (readonly string[])[]): string {
    const defined = columns.map((column): Column => (typeof column === 'string' ? [column] : column));
    const widths = defined.map(([title], at) => Math.max(title.length, ...rows.map((row) => width(row[at] ?? ''))));
    const format = (cells: readonly string[]) =>
      defined
        .map(([, align], at) => {
          const cell = cells[at] ?? '';
          const gap = ' '.repeat(Math.max(0, (widths[at] ?? 0) - width(cell)));
          return align === 'right' ? gap + cell : cell + gap;
        })
        .join('  ')
        .trimEnd();
    return [this.colours.dim(format(defined.map(([title]) => title))), ...rows.map(format)].join('\n');
  }

  /** A state in its colour. */
  state(state: string): string {
    const paint = {
      success: 'green',
      failed: 'red',
      upstream_failed: 'red',
      running: 'cyan',
      up_for_retry: 'yellow',
    } as const;
    const colour = paint[state as keyof typeof paint];
    return colour ? this.colours[colour](state) : state;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
const COLOUR = /\u001b\[\d+m/g;

function width(text: string): number {
  return text.replace(COLOUR, '').length;
}
