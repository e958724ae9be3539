import { Link, useRouterState } from '@tanstack/react-router';
import { Glyph, type GlyphName } from '../parts/glyph.tsx';
import { EXACTLY } from '../parts/here.ts';
import { Pulse } from './connection.tsx';
import { SignOut } from './sign-out.tsx';
import { ThemeButton } from './theme-button.tsx';
import { ZoneMenu } from './zone-menu.tsx';

interface Place {
  readonly to: '/' | '/runs' | '/workflows';
  readonly label: string;
  readonly glyph: GlyphName;
  readonly isHere: (path: string) => boolean;
}

/** One place at most is here: a run of a workflow is found below its workflow. */
const PLACES: readonly Place[] = [
  { to: '/', label: 'Home', glyph: 'i-home', isHere: (path) => path === '/' },
  { to: '/runs', label: 'Runs', glyph: 'i-list', isHere: (path) => path.startsWith('/runs') },
  {
    to: '/workflows',
    label: 'Workflows',
    glyph: 'i-dag',
    isHere: (path) => path.startsWith('/workflows'),
  },
];

export function TopBar({ onSearch }: { readonly onSearch: () => void }) {
  return (
    <header className="top">
      <Link to="/" className="mark">
        <Glyph name="wheel" />
        Millrace
      </Link>
      <nav aria-label="Main">
        <Places />
      </nav>
      <span className="sp" />
      <button type="button" className="b find" aria-label="Search ⌘K: any workflow, run or task" onClick={onSearch}>
        <Glyph name="i-search" />
        <span>Search</span>
        <kbd>⌘K</kbd>
      </button>
      <Pulse />
      <ZoneMenu />
      <ThemeButton />
      <SignOut />
    </header>
  );
}

/** At the bottom of small screens. */
export function BottomTabs() {
  return (
    <nav className="tabs-m" aria-label="Main, small screen">
      <Places hasGlyphs />
    </nav>
  );
}

function Places({ hasGlyphs = false }: { readonly hasGlyphs?: boolean }) {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  return PLACES.map(({ to, label, glyph, isHere }) => (
    <Link key={to} to={to} activeOptions={EXACTLY} {...(isHere(path) ? { 'aria-current': 'page' } : {})}>
      {hasGlyphs && <Glyph name={glyph} />}
      {label}
    </Link>
  ));
}
