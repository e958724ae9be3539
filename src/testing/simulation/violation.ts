/** A rule that must always hold and did not. */
export class Violation extends Error {
  readonly rule: string;

  constructor(rule: string, detail: string) {
    super(`${rule}: ${detail}`);
    this.name = 'Violation';
    this.rule = rule;
  }
}

export function demand(holds: boolean, rule: string, detail: () => string): void {
  if (!holds) throw new Violation(rule, detail());
}
