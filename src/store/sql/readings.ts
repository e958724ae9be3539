import type { Readings } from '../readings.ts';
import type { SqlRunner } from './builder.ts';
import { instanceNamesOf } from './instance-names.ts';
import { listReadings } from './list-readings.ts';
import { logReadings } from './log-readings.ts';
import { notesOf } from './notes.ts';
import { importErrorsIn, poolsIn, serversIn } from './registers.ts';
import { runReadings } from './run-readings.ts';
import { taskReadings } from './task-readings.ts';
import { waitingReadings } from './waiting-readings.ts';
import { workflowReadings } from './workflow-readings.ts';

/** Set-based answers for people, the same on both databases. */
export function readingsOver(runner: SqlRunner): Readings {
  return {
    ...workflowReadings(runner),
    ...runReadings(runner),
    ...taskReadings(runner),
    ...logReadings(runner),
    ...waitingReadings(runner),
    pools: () => poolsIn(runner).list(),
    limits: () => runner.all(runner.builder.selectFrom('limit_use').selectAll().orderBy('key')),
    importErrors: () => importErrorsIn(runner).list(),
    notes: (runs) => notesOf(runner, runs),
    instanceNames: (runs) => instanceNamesOf(runner, runs),
    ...listReadings(runner),
    servers: () => serversIn(runner).list(),
  };
}
