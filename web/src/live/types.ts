import type { components } from '../../../src/client/schema.ts';

/** What the API answers with, under the contract's names. */
type Schemas = components['schemas'];

export type Activity = Schemas['Activity'];
export type Attention = Schemas['Attention'];
export type AttentionItem = Schemas['AttentionItem'];
export type RunSummary = Schemas['RunSummary'];
export type Usual = Schemas['Usual'];
export type Workflow = Schemas['Workflow'];
export type Workflows = Schemas['Workflows'];
export type LogLines = Schemas['LogLines'];
export type LogLine = LogLines['lines'][number];
export type Remedy = Schemas['Remedy'];
export type RunHead = Schemas['RunHead'];
export type Timeline = Schemas['Timeline'];
export type TimelineAttempt = Schemas['TimelineAttempt'];
export type TimelineRow = Schemas['TimelineRow'];
export type Waiting = Schemas['Waiting'];
export type Why = Schemas['Why'];
export type WhyReason = Schemas['WhyReason'];
export type Graph = Schemas['Graph'];
export type GraphNode = Schemas['GraphNode'];
export type Grid = Schemas['Grid'];
export type Failure = Schemas['Failure'];
export type GridRow = Schemas['GridRow'];
export type DagRun = Schemas['DAGRunResponse'];
export type DagDetails = Schemas['DAGDetailsResponse'];
export type TaskInstance = Schemas['TaskInstanceResponse'];
export type Backfill = Schemas['BackfillResponse'];
export type BackfillPreview = Schemas['BackfillPreview'];
