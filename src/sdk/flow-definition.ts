import type { Context } from './context.ts';
import type { ParsedFlowOptions } from './flow-options.ts';
import type { ParsedParams } from './parsed-params.ts';

/** A flow as its author wrote it. */
export interface FlowDefinition {
  readonly name: string;
  readonly fn: (input: unknown, context: Context) => unknown;
  readonly options: ParsedFlowOptions;
  /** Checks the input by the flow's `params`. */
  readonly parseParams: (input: Readonly<Record<string, unknown>>) => ParsedParams;
}
