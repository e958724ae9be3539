import type { Millrace, RunRequest } from './run-pipeline.ts';
import { RunReport } from './run-report.ts';

/**
 * Makes a run happen and prints what happens in it, line by line. Gives its last state, or undefined when somebody
 * stopped the example before.
 */
export async function followRun(
  millrace: Millrace,
  { request, signal }: { readonly request: RunRequest; readonly signal: AbortSignal },
): Promise<string | undefined> {
  const report = new RunReport(Date.now());
  let state: string | undefined;
  const how = await millrace.trigger(request);
  console.log(`\n${request.workflow}, ${request.runId}: ${how}`);
  for await (const event of millrace.events(request, signal)) {
    const line = report.line(event);
    if (line !== undefined) console.log(line);
    if (event.kind === 'run') state = event.state;
  }
  return signal.aborted ? undefined : state;
}

/** The run of a logical date: its id is the one that Airflow gives to a run that somebody started. */
export function runOf(workflow: string, logicalDate: Date): RunRequest {
  return { workflow, logicalDate, runId: `manual__${logicalDate.toISOString().replace(/(?:\.000)?Z$/, '+00:00')}` };
}
