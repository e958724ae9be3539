export function Backfills() {
  return <h1>Backfills</h1>;
}
