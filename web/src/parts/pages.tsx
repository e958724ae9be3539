interface PagesProps {
  readonly total: number;
  /** Entries a page. */
  readonly size: number;
  /** From 1. */
  readonly page: number;
  readonly onPage: (page: number) => void;
}

/** Nothing where one page holds all. */
export function Pages({ total, size, page, onPage }: PagesProps) {
  const last = Math.max(1, Math.ceil(total / size));
  if (last === 1) return null;
  const first = (page - 1) * size + 1;
  return (
    <nav className="pages" aria-label="Pages">
      <span className="q2 sm">
        {first.toLocaleString('en')} to {Math.min(first + size - 1, total).toLocaleString('en')} of{' '}
        {total.toLocaleString('en')}
      </span>
      <button type="button" className="b" disabled={page <= 1} onClick={() => onPage(page - 1)}>
        Previous
      </button>
      <button type="button" className="b" disabled={page >= last} onClick={() => onPage(page + 1)}>
        Next
      </button>
    </nav>
  );
}
