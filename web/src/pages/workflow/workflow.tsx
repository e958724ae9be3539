export function Workflow() {
  return <h1>Workflow</h1>;
}
