/** As many letters at the end stay whatever the room: names that begin alike differ there. */
const END = 10;
/** Shorter names have room everywhere. */
const SHORT = 24;

/**
 * A name that is cut in its middle where there is no room. It must stand in an element that has the whole as its name and
 * title: see `wholeName`.
 */
export function CutName({ name }: { readonly name: string }) {
  if (name.length <= SHORT) return name;
  return (
    <span className="cut-name">
      <span>{name.slice(0, -END)}</span>
      <span>{name.slice(-END)}</span>
    </span>
  );
}

/** For the element around a `CutName`: what is cut is read whole, by people who hover and by those who listen. */
export const wholeName = (name: string) => (name.length <= SHORT ? {} : { title: name, 'aria-label': name });
