import { type ReactNode, useState } from 'react';
import { Glyph } from './glyph.tsx';

/** Copies a text; its label says that it did. */
export function CopyButton({ text, children = 'Copy' }: { readonly text: string; readonly children?: ReactNode }) {
  const [done, setDone] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setDone(true);
    setTimeout(() => setDone(false), 2000);
  };
  return (
    <button type="button" className="b ghost" title={text} onClick={() => void copy()}>
      <Glyph name={done ? 'i-check' : 'i-copy'} />
      <span aria-live="polite">{done ? 'Copied' : children}</span>
    </button>
  );
}
