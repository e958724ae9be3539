import type { InstanceKey, RunRow, VersionRow } from '../store/rows.ts';
import type { Store } from '../store/store.ts';

/** Calls of a flow looked up at once. */
const PAGE = 1000;

/** What the tasks of a run are called: a DAG's are in its spec, a flow's calls in what it has recorded. */
export class TaskNames {
  readonly #store: Store;
  readonly #run: number;
  readonly #version: VersionRow;
  readonly #calls = new Map<number, string>();

  constructor(store: Store, { id }: Pick<RunRow, 'id'>, version: VersionRow) {
    this.#store = store;
    this.#run = id;
    this.#version = version;
  }

  async of(task: number): Promise<string> {
    const declared = this.#version.spec.tasks[task]?.id ?? this.#calls.get(task);
    if (declared !== undefined) return declared;
    for (let offset = 0; ; offset += PAGE) {
      const page = await this.#store.transaction(({ steps }) => steps.journal(this.#run, { offset, limit: PAGE }));
      for (const call of page) this.#calls.set(call.task, call.name);
      if (page.length < PAGE) break;
    }
    return this.#calls.get(task) ?? `task ${task}`;
  }

  /** With the element of a mapped task, or which of a flow's calls of this name; the first needs no number. */
  async ofInstance({ task, index }: Pick<InstanceKey, 'task' | 'index'>): Promise<string> {
    const name = await this.of(task);
    const isCall = this.#version.spec.tasks[task] === undefined;
    return index < 0 || (isCall && index === 0) ? name : `${name}[${index}]`;
  }
}
