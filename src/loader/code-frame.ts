const AROUND = 2;

/** Some lines of a file around a place, the line marked and, where the column is known, a caret below it. */
export function codeFrame(text: string, line: number, column?: number | null): string {
  const lines = text.split(/\r?\n/);
  if (line < 1 || line > lines.length) return '';
  const from = Math.max(1, line - AROUND);
  const to = Math.min(lines.length, line + AROUND);
  const width = String(to).length;
  const printed: string[] = [];
  for (let number = from; number <= to; number++) {
    const source = (lines[number - 1] ?? '').replaceAll('\t', '  ');
    printed.push(`${number === line ? '>' : ' '} ${String(number).padStart(width)} | ${source}`.trimEnd());
    if (number !== line || !column) continue;
    const before = (lines[number - 1] ?? '').slice(0, column - 1).replaceAll('\t', '  ');
    printed.push(`  ${' '.repeat(width)} | ${' '.repeat(before.length)}^`);
  }
  return printed.join('\n');
}
