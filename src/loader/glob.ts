/** True for a text with characters that mean something in a glob. */
export function isGlob(text: string): boolean {
  return /[*?{[]/.test(text);
}

/**
 * A regular expression for a glob over paths with forward slashes: `*` and `?` stay inside one folder, `**` crosses
 * folders, `{a,b}` is a choice and `[abc]` a set.
 */
export function globExpression(glob: string): RegExp {
  let source = '';
  let depth = 0;
  for (let at = 0; at < glob.length; at++) {
    const character = glob[at] ?? '';
    if (glob.startsWith('**/', at)) {
      source += '(?:[^/]+/)*';
      at += 2;
    } else if (glob.startsWith('**', at)) {
      source += '.*';
      at += 1;
    } else if (character === '*') source += '[^/]*';
    else if (character === '?') source += '[^/]';
    else if (character === '{') {
      depth++;
      source += '(?:';
    } else if (character === '}' && depth > 0) {
      depth--;
      source += ')';
    } else if (character === ',' && depth > 0) source += '|';
    else if (character === '[' && glob.indexOf(']', at + 2) > 0) {
      const end = glob.indexOf(']', at + 2);
      const set = glob
        .slice(at + 1, end)
        .replace(/^!/, '^')
        .replaceAll('\\', '\\\\');
      source += `[${set}]`;
      at = end;
    } else source += character.replace(/[\\^$.|+()[\]{}]/, '\\$&');
  }
  return new RegExp(`^${source}$`);
}

/** The folder in front of the first special character. */
export function globBase(glob: string): string {
  const special = glob.search(/[*?{[]/);
  const fixed = special < 0 ? glob : glob.slice(0, special);
  return fixed.slice(0, fixed.lastIndexOf('/') + 1) || '.';
}
