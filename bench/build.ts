/** Whether the product is taken from src/ (with types stripped) or, as users have it, from dist/. */
export const fromSource = process.env.MILLRACE_BENCH_SOURCE === '1';

/** A module of the product, by its path in src/ without the ending. */
export const productModule = (path: string): string =>
  new URL(fromSource ? `../src/${path}.ts` : `../dist/${path}.js`, import.meta.url).href;

export const sourceFlags: readonly string[] = fromSource
  ? ['--conditions=millrace-source', '--disable-warning=ExperimentalWarning']
  : [];
