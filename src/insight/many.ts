/** A count in words: `1 run`, `2 runs`; another plural where an s does not make it. */
export const many = (n: number, one: string, more = `${one}s`): string => (n === 1 ? `1 ${one}` : `${n} ${more}`);
