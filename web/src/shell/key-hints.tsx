import { KeyCaps } from '../parts/key-caps.tsx';
import { useBindings } from './keys.tsx';

/** At the bottom: the keys that matter in this view; what is on top of it first, then what is around. */
export function KeyHints() {
  const hinted = [...useBindings()]
    .reverse()
    .flatMap(({ bindings }) =>
      bindings.flatMap(({ keys, what, hint }) =>
        hint ? [{ keys, words: typeof hint === 'string' ? hint : what }] : [],
      ),
    );
  return (
    <footer className="keys">
      {[...Map.groupBy(hinted, ({ words }) => words)].map(([words, bindings]) => (
        <span key={words}>
          {bindings.map(({ keys }) => (
            <KeyCaps key={keys} keys={keys} />
          ))}{' '}
          {words}
        </span>
      ))}
      <span className="end">
        <kbd>?</kbd> all keys
      </span>
    </footer>
  );
}
