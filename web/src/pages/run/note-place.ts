import type { Scale, Span } from './scale.ts';

/** Of a track, for each letter: the narrowest track that shows notes has about 600 pixels. */
const LETTER = 0.0105;
const EDGE = 0.02;

/** Where the words beside a row's bars stand: behind the last one, else before the first, else nowhere. */
export function notePlace(
  text: string,
  { from, to }: Span,
  scale: Pick<Scale, 'share'>,
): { readonly side: 'behind' | 'before'; readonly at: number } | undefined {
  const room = EDGE + text.length * LETTER;
  if (scale.share(to) + room <= 1) return { side: 'behind', at: to };
  if (scale.share(from) - room >= 0) return { side: 'before', at: from };
  return undefined;
}
