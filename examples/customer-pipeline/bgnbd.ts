/** What the BG/NBD model needs to know of one customer. Times are in weeks. */
export interface PurchaseHistory {
  /** Distinct purchase days after the first one (the literature's x). */
  readonly repeats: number;
  /** From the first to the last purchase day (t_x). */
  readonly recency: number;
  /** From the first purchase day to the date of the score (T). */
  readonly age: number;
}

export interface BgNbdParameters {
  readonly r: number;
  readonly alpha: number;
  readonly a: number;
  readonly b: number;
}

/** The estimates of Fader, Hardie and Lee (2005) for the customers of CDNOW, with time in weeks. */
export const CDNOW: BgNbdParameters = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };

/**
 * The probability that a customer buys no more: 1 − P(alive) of the BG/NBD model; 0 for somebody who bought on one day
 * only. It is computed by way of the logarithm of the odds, so that it neither overflows for thousands of purchases
 * nor loses digits near 0 and 1.
 */
export function churnProbability(history: PurchaseHistory, parameters: BgNbdParameters = CDNOW): number {
  const { repeats, recency, age } = history;
  const { r, alpha, a, b } = parameters;
  if (repeats === 0) return 0;
  const silence = Math.log1p((age - recency) / (alpha + recency));
  const logOdds = Math.log(a / (b + repeats - 1)) + (r + repeats) * silence;
  return 1 / (1 + Math.exp(-logOdds));
}
