export function WorkflowRuns() {
  return <h1>WorkflowRuns</h1>;
}
