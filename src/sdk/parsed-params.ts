/** What is wrong with a run's params. */
export interface ParamIssue {
  /** `a.b`; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

export type ParsedParams =
  | { readonly value: Readonly<Record<string, unknown>> }
  | { readonly issues: readonly ParamIssue[] };
