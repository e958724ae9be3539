import { useBindings } from './keys.tsx';

/** At the bottom: the keys that matter in this view. */
export function KeyHints() {
  const hinted = useBindings().flatMap(({ bindings }) => bindings.filter(({ hint }) => hint));
  return (
    <footer className="keys">
      {hinted.map(({ keys, what }) => (
        <span key={keys}>
          {keys.split(' ').map((key) => (
            <kbd key={key}>{key}</kbd>
          ))}{' '}
          {what}
        </span>
      ))}
      <span className="end">
        <kbd>?</kbd> all keys
      </span>
    </footer>
  );
}
