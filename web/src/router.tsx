import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { homeAhead, runAhead, workflowAhead, workflowsAhead } from './ahead.ts';
import { GRID_RUNS } from './live/workflow-queries.ts';
import { optional, text, whole } from './search-params.ts';
import { NotFound } from './shell/not-found.tsx';
import { Shell } from './shell/shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

/** Filters, selection and what is open are in the address: Back works, and a reload changes nothing. */
const workflowFilter = optional((given) => ({
  q: text(given.q),
  state: text(given.state),
  tag: text(given.tag),
  owner: text(given.owner),
  kind: text(given.kind),
  sort: text(given.sort),
  page: whole(given.page),
}));

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: workflowFilter,
  loaderDeps: ({ search }) => search,
  loader: ({ cause, deps }) => homeAhead(cause, deps),
  component: lazyRouteComponent(() => import('./pages/home/home.tsx'), 'Home'),
});

const workflows = createRoute({
  getParentRoute: () => root,
  path: '/workflows',
  validateSearch: workflowFilter,
  loaderDeps: ({ search }) => search,
  loader: ({ cause, deps }) => workflowsAhead(cause, deps),
  component: lazyRouteComponent(() => import('./pages/home/workflows-page.tsx'), 'WorkflowsPage'),
});

const runs = createRoute({
  getParentRoute: () => root,
  path: '/runs',
  validateSearch: optional((given) => ({
    dag: text(given.dag),
    state: text(given.state),
    type: text(given.type),
    from: text(given.from),
    to: text(given.to),
    sort: text(given.sort),
    page: whole(given.page),
  })),
  component: lazyRouteComponent(() => import('./pages/runs/runs.tsx'), 'Runs'),
});

const selection = optional((given) => ({
  /** The run whose states the graph shows, and whose cell is selected. */
  run: text(given.run),
  task: text(given.task),
  map: whole(given.map),
  attempt: whole(given.attempt),
  /** Runs in the grid. */
  runs: whole(given.runs),
  type: text(given.type),
  view: text(given.view),
  /** Groups that are folded, with commas between. */
  folded: text(given.folded),
}));

const workflow = createRoute({
  getParentRoute: () => root,
  path: '/workflows/$dagId',
  validateSearch: selection,
  loaderDeps: ({ search }) => ({ limit: search.runs ?? GRID_RUNS, type: search.type }),
  loader: ({ cause, params, deps }) => workflowAhead(cause, params.dagId, deps),
  component: lazyRouteComponent(() => import('./pages/workflow/workflow.tsx'), 'Workflow'),
});

const workflowRuns = createRoute({
  getParentRoute: () => root,
  path: '/workflows/$dagId/runs',
  validateSearch: optional((given) => ({
    state: text(given.state),
    type: text(given.type),
    from: text(given.from),
    to: text(given.to),
    sort: text(given.sort),
    page: whole(given.page),
  })),
  component: lazyRouteComponent(() => import('./pages/runs/workflow-runs.tsx'), 'WorkflowRuns'),
});

const run = createRoute({
  getParentRoute: () => root,
  path: '/workflows/$dagId/runs/$runId',
  validateSearch: optional((given) => ({
    task: text(given.task),
    map: whole(given.map),
    attempt: text(given.attempt),
    level: text(given.level),
    find: text(given.find),
    line: whole(given.line),
    tab: text(given.tab),
    view: text(given.view),
    unfolded: text(given.unfolded),
    page: whole(given.page),
    /** The preview of an action that is open: `rerun`, `clear`, `resume` … */
    act: text(given.act),
    /** `why`: what is scrolled to. */
    show: text(given.show),
  })),
  loader: ({ cause, params }) => runAhead(cause, params),
  component: lazyRouteComponent(() => import('./pages/run/run.tsx'), 'Run'),
});

const backfills = createRoute({
  getParentRoute: () => root,
  path: '/workflows/$dagId/backfills',
  component: lazyRouteComponent(() => import('./pages/backfill/backfills.tsx'), 'Backfills'),
});

const newBackfill = createRoute({
  getParentRoute: () => root,
  path: '/workflows/$dagId/backfills/new',
  validateSearch: optional((given) => ({
    from: text(given.from),
    to: text(given.to),
    reprocess: text(given.reprocess),
    atOnce: whole(given.atOnce),
    order: text(given.order),
    view: text(given.view),
  })),
  component: lazyRouteComponent(() => import('./pages/backfill/new-backfill.tsx'), 'NewBackfill'),
});

export const router = createRouter({
  routeTree: root.addChildren([home, workflows, runs, workflow, workflowRuns, run, backfills, newBackfill]),
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
