import { expect, test } from 'vitest';
import type { TaskSpec, WorkflowSpec } from '../../src/model/spec.ts';
import { drawnWorkflow } from '../../src/sdk/dag.ts';
import { customerDataPipeline } from './north-star/customer-data-pipeline.ts';
import { multiSourceEtl } from './north-star/multi-source-etl.ts';

// The two DAGs that say how Millrace must read: they compile as they stand, and draw this to the letter.

const JANUARY_FIRST = Date.UTC(2026, 0, 1);

const plain: Omit<TaskSpec, 'id' | 'upstream' | 'downstream' | 'input' | 'priority'> = {
  group: null,
  kind: 'task',
  setup: false,
  teardown: false,
  onFailureFailRun: false,
  triggerRule: 'all_success',
  mapping: null,
  retries: 0,
  retryDelay: 300_000,
  retryBackoff: 0,
  maxRetryDelay: null,
  timeout: null,
  pool: 'default_pool',
  poolSlots: 1,
  priorityWeight: 1,
  weightRule: 'downstream',
  queue: 'default',
  maxActivePerDag: null,
  maxActivePerRun: null,
  isolation: 'shared',
  memory: null,
  dependsOnPast: false,
  waitForDownstream: false,
  ignoreFirstDependsOnPast: true,
  email: [],
  emailOnFailure: false,
  emailOnRetry: false,
  docs: null,
};

const workflow: Omit<WorkflowSpec, 'id' | 'schedule' | 'tasks'> = {
  format: 1,
  kind: 'dag',
  description: null,
  docs: null,
  tags: [],
  owner: 'millrace',
  timezone: 'UTC',
  startDate: JANUARY_FIRST,
  endDate: null,
  catchup: false,
  maxActiveRuns: 16,
  maxActiveTasks: null,
  runTimeout: null,
  deadline: null,
  failFast: false,
  pausedUponCreation: false,
  params: { defaults: {}, schema: null },
  groups: [],
};

test('customer_data_pipeline', () => {
  const task = {
    ...plain,
    retries: 2,
    retryBackoff: 2,
    email: ['data-team@example.com'],
    emailOnFailure: true,
    emailOnRetry: true,
  };
  const output = (index: number) => ({ kind: 'output', task: index }) as const;
  expect(drawnWorkflow(customerDataPipeline).spec).toStrictEqual({
    ...workflow,
    id: 'customer_data_pipeline',
    description: 'Extract customer data, enrich with ML scores, load to warehouse',
    schedule: { kind: 'cron', expressions: ['0 6 * * *'], timezone: 'UTC' },
    maxActiveRuns: 1,
    deadline: 3_600_000,
    tags: ['customers', 'daily', 'etl'],
    docs: '## Customer Data Pipeline …',
    tasks: [
      { ...task, id: 'extract_customers', input: null, upstream: [], downstream: [1], priority: 4 },
      { ...task, id: 'score_customers', input: output(0), upstream: [0], downstream: [2], priority: 3 },
      { ...task, id: 'load_to_warehouse', input: output(1), upstream: [1], downstream: [3], priority: 2 },
      {
        ...task,
        id: 'notify_slack',
        input: output(2),
        upstream: [2],
        downstream: [],
        priority: 1,
        triggerRule: 'one_success',
      },
    ],
  } satisfies WorkflowSpec);
});

test('multi_source_etl', () => {
  expect(drawnWorkflow(multiSourceEtl).spec).toStrictEqual({
    ...workflow,
    id: 'multi_source_etl',
    schedule: { kind: 'cron', expressions: ['0 0 * * *'], timezone: 'UTC' },
    tasks: [
      { ...plain, id: 'get_active_sources', input: null, upstream: [], downstream: [1], priority: 3 },
      {
        ...plain,
        id: 'process_source',
        input: null,
        mapping: { kind: 'expand', over: [['source', { kind: 'output', task: 0 }]] },
        upstream: [0],
        downstream: [2],
        priority: 2,
      },
      {
        ...plain,
        id: 'summarize_results',
        input: { kind: 'output', task: 1 },
        upstream: [1],
        downstream: [],
        priority: 1,
      },
    ],
  } satisfies WorkflowSpec);
});
