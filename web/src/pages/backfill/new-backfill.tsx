export function NewBackfill() {
  return <h1>NewBackfill</h1>;
}
