import glyphs from './glyphs.svg?raw';

/** Puts the sprite into the document, so that `<use href="#failed">` finds it without a request. */
export function putSprite(): void {
  const holder = document.createElement('div');
  holder.innerHTML = glyphs;
  const sprite = holder.firstElementChild!;
  sprite.setAttribute('aria-hidden', 'true');
  sprite.setAttribute('class', 'vh');
  document.body.prepend(sprite);
}
