/** A count in words: `1 run`, `2,400 runs`; another plural where an s does not make it. */
export const many = (n: number, one: string, more = `${one}s`): string =>
  `${n.toLocaleString('en')} ${n === 1 ? one : more}`;
