export type Segment = 'low' | 'medium' | 'high' | 'critical';

/** The segment of a churn probability. */
export function segmentOf(churnProbability: number): Segment {
  if (churnProbability <= 0.2) return 'low';
  if (churnProbability <= 0.5) return 'medium';
  return churnProbability <= 0.8 ? 'high' : 'critical';
}
