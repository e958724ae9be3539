import { useEffect } from 'react';

/** What the browser's tab says: the view, and Millrace. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Millrace`;
  }, [title]);
}
