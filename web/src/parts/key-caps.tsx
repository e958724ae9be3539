/** `⇧C`, `g h`: one cap a key that is pressed. */
export function KeyCaps({ keys }: { readonly keys: string }) {
  return keys
    .split(' ')
    .flatMap((key) => (/^[⇧⌘]./.test(key) ? [key.slice(0, 1), key.slice(1)] : [key]))
    .map((key) => <kbd key={key}>{key}</kbd>);
}
