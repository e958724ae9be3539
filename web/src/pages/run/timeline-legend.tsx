/** What the bars mean. */
export function TimelineLegend({ isFlow, hasGaps }: { readonly isFlow: boolean; readonly hasGaps: boolean }) {
  return (
    <div className="legend">
      {isFlow ? <Key kind="hit" word="cached" /> : <Key kind="q" word="waits for a slot" />}
      <Key kind="ok" word={isFlow ? 'ran' : 'ran, success'} />
      <Key kind="bad x" word={isFlow ? 'failed or lost' : 'ran, failed'} />
      <Key kind="run" word="runs" />
      <Key kind="w" word="waits to retry" />
      {!isFlow && <Key kind="ghost" word="expected" />}
      {!isFlow && <Key kind="crit" word="critical path" />}
      {hasGaps && <Key kind="dead" word="no worker" />}
    </div>
  );
}

function Key({ kind, word }: { readonly kind: string; readonly word: string }) {
  return (
    <span>
      <i className={`tk-${kind}`} />
      {word}
    </span>
  );
}
