import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { ThinGraph } from './thin-graph.ts';
import type { ThinBatch, ThinOrder, ThinReport, ThinStep, ThinStore } from './thin-store.ts';

const SCHEMA = `
  CREATE TABLE run (id BIGINT PRIMARY KEY, state TEXT NOT NULL, unfinished BIGINT NOT NULL, ended_at BIGINT);
  CREATE TABLE instance (run BIGINT NOT NULL, task BIGINT NOT NULL, state TEXT NOT NULL, attempt BIGINT NOT NULL, token TEXT,
    expected BIGINT NOT NULL, done BIGINT NOT NULL, queued_at BIGINT, started_at BIGINT, ended_at BIGINT,
    PRIMARY KEY (run, task)) WITH (fillfactor = 70);
  CREATE INDEX claimable ON instance (run, task) WHERE state = 'queued';
  CREATE TABLE output (run BIGINT NOT NULL, task BIGINT NOT NULL, data TEXT NOT NULL, PRIMARY KEY (run, task));
  CREATE TABLE attempt (run BIGINT NOT NULL, task BIGINT NOT NULL, number BIGINT NOT NULL, outcome TEXT NOT NULL,
    started_at BIGINT NOT NULL, ended_at BIGINT NOT NULL, PRIMARY KEY (run, task, number));
  CREATE TABLE event (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at BIGINT NOT NULL, kind TEXT NOT NULL, run BIGINT,
    task BIGINT, attempt BIGINT)`;

const KEYS = '$1::bigint[], $2::bigint[]';
const RUN = `INSERT INTO run (id, state, unfinished) VALUES ($1, 'running', $2)`;
const INSTANCES = `INSERT INTO instance (run, task, state, attempt, expected, done, queued_at)
  SELECT $1, task, CASE WHEN expected = 0 THEN 'queued' ELSE 'none' END, CASE WHEN expected = 0 THEN 1 ELSE 0 END, expected, 0, $4
  FROM unnest($2::bigint[], $3::bigint[]) AS m (task, expected)`;
const FINISH = `UPDATE instance AS i SET state = 'success', ended_at = $4, token = NULL
  FROM unnest(${KEYS}, $3::text[]) AS m (run, task, token)
  WHERE i.run = m.run AND i.task = m.task AND i.state = 'running' AND i.token = m.token RETURNING i.run, i.task`;
const OUTPUTS = `INSERT INTO output SELECT * FROM unnest(${KEYS}, $3::text[])`;
const ATTEMPTS = `INSERT INTO attempt SELECT run, task, n, 'success', started, ended
  FROM unnest(${KEYS}, $3::bigint[], $4::bigint[], $5::bigint[]) AS m (run, task, n, started, ended)`;
const EVENTS = `INSERT INTO event (at, kind, run, task, attempt) SELECT $4, kind, run, task, 1
  FROM unnest(${KEYS}, $3::text[]) AS m (run, task, kind)`;
const COUNT = `UPDATE instance AS i SET done = i.done + m.n FROM unnest(${KEYS}, $3::bigint[]) AS m (run, task, n)
  WHERE i.run = m.run AND i.task = m.task RETURNING i.run, i.task, i.done, i.expected`;
const QUEUE = `UPDATE instance AS i SET state = 'queued', attempt = i.attempt + 1, queued_at = $3
  FROM unnest(${KEYS}) AS m (run, task) WHERE i.run = m.run AND i.task = m.task AND i.state = 'none'`;
const UNFINISHED = `UPDATE run AS r SET unfinished = r.unfinished - m.n FROM unnest(${KEYS}) AS m (run, n)
  WHERE r.id = m.run RETURNING r.id, r.unfinished`;
const END = `UPDATE run SET state = 'success', ended_at = $2 WHERE id = ANY ($1::bigint[])`;
const CLAIMABLE = `SELECT run, task, attempt FROM instance WHERE state = 'queued' ORDER BY run, task LIMIT $1 FOR UPDATE SKIP LOCKED`;
const CLAIM = `UPDATE instance AS i SET state = 'running', token = m.token, started_at = $4
  FROM unnest(${KEYS}, $3::text[]) AS m (run, task, token) WHERE i.run = m.run AND i.task = m.task AND i.state = 'queued'`;
const STEPS = `INSERT INTO instance (run, task, state, attempt, expected, done, started_at, ended_at)
  SELECT run, task, 'success', 1, 0, 0, started, ended FROM unnest(${KEYS}, $3::bigint[], $4::bigint[]) AS m (run, task, started, ended)`;

/**
 * The thin engine's store on PostgreSQL, synchronous_commit on: one connection, one statement a kind of change with arrays
 * for its rows, and what needs no answer is sent without waiting for one. Four answers a batch are waited for.
 */
export class ThinPostgres implements ThinStore {
  readonly #client: pg.Client;
  readonly #graphs = new Map<number, ThinGraph>();
  readonly #names = new Map<string, string>();
  #tail: Promise<unknown> = Promise.resolve();
  #runs = 0;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  static async open(uri: string): Promise<ThinPostgres> {
    const client = new pg.Client({ connectionString: uri, pipeline: true } as pg.ClientConfig);
    await client.connect();
    await client.query(SCHEMA);
    for (const setting of ['enable_seqscan = off', 'plan_cache_mode = force_generic_plan', 'jit = off']) {
      await client.query(`SET ${setting}`);
    }
    return new ThinPostgres(client);
  }

  trigger(graph: ThinGraph): Promise<number> {
    return this.#alone(async () => {
      const id = ++this.#runs;
      this.#graphs.set(id, graph);
      this.#send('BEGIN', []);
      this.#send(RUN, [id, graph.expected.length]);
      this.#send(INSTANCES, [id, array([...graph.expected.keys()]), array(graph.expected), Date.now()]);
      await this.#ask('COMMIT', []);
      return id;
    });
  }

  batch(batch: ThinBatch) {
    return this.#alone(() => this.#batch(batch));
  }

  async #batch({ reports, steps, room }: ThinBatch) {
    const now = Date.now();
    this.#send('BEGIN', []);
    const events: { run: number; task: number; kind: string }[] = [];
    const sums = new Map<number, number>();
    if (reports.length > 0) {
      const tokens = reports.map(({ token }) => token);
      const won = await this.#ask<{ run: string; task: string }>(FINISH, [...keys(reports), tokens, now]);
      this.#record(reports);
      const downstream = new Map<string, { run: number; task: number; n: number }>();
      for (const row of won) {
        const run = Number(row.run);
        const task = Number(row.task);
        events.push({ run, task, kind: 'success' });
        sums.set(run, (sums.get(run) ?? 0) + 1);
        for (const next of this.#graphs.get(run)!.downstream[task]!) {
          const key = `${run}.${next}`;
          const sum = downstream.get(key) ?? { run, task: next, n: 0 };
          downstream.set(key, { ...sum, n: sum.n + 1 });
        }
      }
      if (downstream.size > 0) {
        const rows = [...downstream.values()];
        const counted = await this.#ask<Counted>(COUNT, [...keys(rows), array(rows.map(({ n }) => n))]);
        const ready = counted.filter(({ done, expected }) => done === expected);
        if (ready.length > 0) this.#send(QUEUE, [...keys(ready), now]);
      }
    }
    if (steps.length > 0) {
      this.#send(STEPS, [...keys(steps), ...times(steps)]);
      this.#record(steps);
      for (const { run, task } of steps) events.push({ run, task, kind: 'running' }, { run, task, kind: 'success' });
    }
    const [runs, claimable] = await Promise.all([
      sums.size === 0 ? [] : this.#ask<Left>(UNFINISHED, [array([...sums.keys()]), array([...sums.values()])]),
      room > 0 ? this.#ask<Candidate>(CLAIMABLE, [room]) : [],
    ]);
    const ended = runs.filter(({ unfinished }) => Number(unfinished) === 0).map(({ id }) => Number(id));
    if (ended.length > 0) this.#send(END, [array(ended), now]);
    const claimed = claimable.map(({ run, task, attempt }): ThinOrder => {
      return { token: randomUUID(), run: Number(run), task: Number(task), attempt: Number(attempt), body: '' };
    });
    if (claimed.length > 0) this.#send(CLAIM, [...keys(claimed), claimed.map(({ token }) => token), now]);
    for (const { run, task } of claimed) events.push({ run, task, kind: 'running' });
    if (events.length > 0) this.#send(EVENTS, [...keys(events), events.map(({ kind }) => kind), now]);
    await this.#ask('COMMIT', []);
    return { claimed, ended };
  }

  async close(): Promise<void> {
    await this.#client.end();
  }

  #record(rows: readonly (ThinReport | ThinStep)[]): void {
    const outputs = rows.filter(({ output }) => output !== null);
    if (outputs.length > 0) this.#send(OUTPUTS, [...keys(outputs), outputs.map(({ output }) => output)]);
    this.#send(ATTEMPTS, [...keys(rows), array(rows.map(({ attempt }) => attempt)), ...times(rows)]);
  }

  async #ask<R>(text: string, values: readonly unknown[]): Promise<R[]> {
    let name = this.#names.get(text);
    if (name === undefined) {
      name = `thin_${this.#names.size}`;
      this.#names.set(text, name);
    }
    return (await this.#client.query({ name, text, values: values as unknown[] })).rows as R[];
  }

  #send(text: string, values: readonly unknown[]): void {
    void this.#ask(text, values);
  }

  #alone<T>(body: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(body);
    this.#tail = turn;
    return turn;
  }
}

interface Counted {
  readonly run: number;
  readonly task: number;
  readonly done: string;
  readonly expected: string;
}

interface Left {
  readonly id: string;
  readonly unfinished: string;
}

interface Candidate {
  readonly run: string;
  readonly task: string;
  readonly attempt: string;
}

const array = (values: readonly number[]) => `{${values.join(',')}}`;

function keys(rows: readonly { readonly run: number; readonly task: number }[]): [runs: string, tasks: string] {
  return [array(rows.map(({ run }) => run)), array(rows.map(({ task }) => task))];
}

function times(rows: readonly { readonly startedAt: number; readonly endedAt: number }[]): [string, string] {
  return [array(rows.map(({ startedAt }) => startedAt)), array(rows.map(({ endedAt }) => endedAt))];
}
