import type { RestDag, RestTask, RestWorld } from './rest-case.ts';

const json = (value: unknown) => JSON.stringify(value);

/** Pipeline files that define the DAGs of the cases, as somebody would write them, by file name. */
export function pipelineSources({ dags, broken_files: broken }: RestWorld): ReadonlyMap<string, string> {
  const sources = new Map<string, string>();
  for (const dag of dags) {
    const before = sources.get(dag.file) ?? "import { branch, dag, group, task } from 'millrace';\n";
    sources.set(dag.file, `${before}\n${dagSource(dag)}`);
  }
  for (const { file } of broken) sources.set(file, "throw new Error('rest_broken cannot be imported');\n");
  return sources;
}

function dagSource(dag: RestDag): string {
  const drawn = [
    'const t = {};',
    ...members(dag, null),
    ...dag.edges.flatMap(([from, to]) => (isBranch(dag, from) ? [] : [`t[${json(to)}].after(t[${json(from)}]);`])),
  ];
  return `export const ${dag.dag_id} = dag(${json(dag.dag_id)}, ${options(dag)}, () => {\n${drawn.join('\n')}\n});\n`;
}

const isBranch = (dag: RestDag, id: string) =>
  dag.tasks.some(({ task_id, behaviour }) => task_id === id && behaviour.does === 'branch');

/** Tasks and groups in order; what a branch leads to is drawn in it. */
function members(dag: RestDag, group: string | null): string[] {
  const lines: string[] = [];
  const drawn = new Set<string>();
  for (const task of dag.tasks) {
    const inside = task.group ?? null;
    if (inside === group) {
      const from = dag.edges.find(([up, to]) => to === task.task_id && isBranch(dag, up))?.[0];
      const call = `t[${json(task.task_id)}] = ${callOf(task, group)}`;
      lines.push(from ? `t[${json(from)}].when(${json(task.task_id)}, () => (${call}));` : `${call};`);
      continue;
    }
    const child = (dag.groups ?? []).find(
      ({ group_id: id, parent }) => parent === group && (inside === id || inside?.startsWith(`${id}.`)),
    );
    if (!child || drawn.has(child.group_id)) continue;
    drawn.add(child.group_id);
    lines.push(
      `group(${json(localName(child.group_id, group))}, () => {\n${members(dag, child.group_id).join('\n')}\n});`,
    );
  }
  return lines;
}

const localName = (id: string, group: string | null) => (group === null ? id : id.slice(group.length + 1));

function callOf(task: RestTask, group: string | null): string {
  const kind = task.behaviour.does === 'branch' ? 'branch' : 'task';
  const made = `${kind}(${json(localName(task.task_id, group))}, ${body(task)}, ${taskOptions(task)})`;
  const wired = (of: NonNullable<RestTask['args']>) =>
    `{ ${Object.entries(of)
      .map(([name, { output_of: from }]) => `${name}: t[${json(from)}]`)
      .join(', ')} }`;
  if (task.expand) return `${made}.expand(${wired(task.expand)})`;
  return task.args ? `${made}(${wired(task.args)})` : `${made}()`;
}

function body({ behaviour }: RestTask): string {
  const { does, lines = [], chooses, seconds = 0, fails, fails_below_try: below, fails_when: when, error } = behaviour;
  const text = (line: string) =>
    `\`${line.replaceAll('{try_number}', `\${context.attempt}`).replace(/\{(\w+)\}/g, `\${input.$1}`)}\``;
  const throwIt = `throw new Error(${json(error)});`;
  const parts = [
    ...lines.map((line) => `context.log.info(${text(line)});`),
    ...(fails ? [throwIt] : []),
    ...(below === undefined ? [] : [`if (context.attempt < ${below}) ${throwIt}`]),
    ...Object.entries(when ?? {}).map(([name, value]) => `if (input.${name} === ${json(value)}) ${throwIt}`),
    ...(does === 'sleep' ? [sleeping(seconds)] : []),
    ...(does === 'branch' ? [`return ${json(chooses)};`] : []),
    ...(does === 'branch' || behaviour.returns === undefined ? [] : [`return ${returned(behaviour.returns)};`]),
  ];
  return `async (input, context) => {\n${parts.join('\n')}\n}`;
}

const sleeping = (seconds: number) =>
  `await new Promise((resolve) => {
  const timer = setTimeout(resolve, ${seconds * 1000});
  context.signal.addEventListener('abort', () => { clearTimeout(timer); resolve(); });
});`;

/** Some values are said in words. */
function returned(value: unknown): string {
  if (value === 'n * 10') return 'input.n * 10';
  if (typeof value === 'string' && value.startsWith('the params')) return '{ ...context.params }';
  if (typeof value === 'string' && value.startsWith('the sum')) return '[...input.results].reduce((a, b) => a + b, 0)';
  return json(value);
}

function taskOptions(task: RestTask): string {
  const { map_index_template: template } = task;
  const options = {
    retries: task.retries,
    retryDelay: task.retry_delay_seconds === undefined ? undefined : `${task.retry_delay_seconds}s`,
    triggerRule: task.trigger_rule,
    pool: task.pool === undefined ? undefined : { name: task.pool, slots: task.pool_slots ?? 1 },
    priority: task.priority_weight,
    weightRule: task.weight_rule,
    queue: task.queue,
    dependsOnPast: task.depends_on_past,
    waitForDownstream: task.wait_for_downstream,
    timeout: task.execution_timeout_seconds === undefined ? undefined : `${task.execution_timeout_seconds}s`,
    docs: task.doc_md,
  };
  if (template === undefined) return json(options);
  const name = `\`${template.replace(/\{(\w+)\}/g, `\${input.$1}`)}\``;
  return `{ ...${json(options)}, instanceName: (input) => ${name} }`;
}

function options(dag: RestDag): string {
  const { schedule, params } = dag;
  const cron = schedule?.kind === 'cron-data-interval' ? schedule : null;
  return json({
    schedule: cron && { cron: cron.cron, timezone: cron.timezone, dataInterval: true },
    startDate: dag.start_date,
    endDate: dag.end_date,
    catchup: dag.catchup,
    description: dag.description,
    tags: dag.tags,
    owner: dag.owner ?? dag.tasks[0]?.owner,
    docs: dag.doc_md,
    maxActiveRuns: dag.max_active_runs,
    maxActiveTasks: dag.max_active_tasks,
    runTimeout: dag.dagrun_timeout_seconds === undefined ? undefined : `${dag.dagrun_timeout_seconds}s`,
    pausedUponCreation: true,
    params: params && paramsSchema(params),
  });
}

function paramsSchema(params: NonNullable<RestDag['params']>) {
  const properties = Object.entries(params).map(([name, { schema, value, description }]) => [
    name,
    { ...schema, ...(value === undefined ? {} : { default: value }), ...(description ? { description } : {}) },
  ]);
  const required = Object.keys(params).filter((name) => params[name]!.required_at_trigger);
  return { type: 'object', properties: Object.fromEntries(properties), required };
}
