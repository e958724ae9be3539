import type { Expected, RestRequest } from './rest-case.ts';

/** What a probe asks, after what. */
export interface Asked {
  readonly request: RestRequest;
  /** What its scenario has asked before. */
  readonly before: readonly RestRequest[];
  readonly expected: Expected;
}

type Part = Readonly<Record<string, unknown>>;

/** What is put in place of fields of an object in an expected answer. */
export type Amend = (part: Part) => Part;

/** The template with an amendment in every object of it. */
export function amended(template: unknown, amend: Amend): unknown {
  if (Array.isArray(template)) return template.map((each) => amended(each, amend));
  if (typeof template !== 'object' || template === null) return template;
  const part = Object.fromEntries(Object.entries(template).map(([key, each]) => [key, amended(each, amend)]));
  return { ...part, ...amend(part) };
}
