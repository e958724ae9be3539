import { useState } from 'react';
import { Glyph } from '../parts/glyph.tsx';
import { useKeys } from './keys.tsx';

type Theme = 'system' | 'light' | 'dark';

const NEXT: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };

const now = (): Theme => {
  const { theme } = document.documentElement.dataset;
  return theme === 'light' || theme === 'dark' ? theme : 'system';
};

export function ThemeButton() {
  const [theme, setTheme] = useState<Theme>(now);
  const turn = () => {
    const next = NEXT[theme];
    if (next === 'system') {
      delete document.documentElement.dataset.theme;
      localStorage.removeItem('theme');
    } else {
      document.documentElement.dataset.theme = next;
      localStorage.setItem('theme', next);
    }
    setTheme(next);
  };
  useKeys('Page', [{ keys: '⇧T', what: 'theme', run: turn }]);
  return (
    <button
      type="button"
      className="b ghost ico"
      title={`Theme: ${theme}`}
      aria-label={`Theme: ${theme}. Next: ${NEXT[theme]}`}
      onClick={turn}
    >
      <Glyph name="i-theme" />
    </button>
  );
}
