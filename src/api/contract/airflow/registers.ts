import { z } from 'zod';
import { time } from '../state.ts';

const total_entries = z.int();

export const pool = z
  .object({
    name: z.string(),
    /** -1: no limit. */
    slots: z.int(),
    description: z.string().nullable(),
    include_deferred: z.boolean(),
    occupied_slots: z.int(),
    running_slots: z.int(),
    queued_slots: z.int(),
    scheduled_slots: z.int(),
    open_slots: z.int(),
    deferred_slots: z.int(),
    team_name: z.null(),
  })
  .meta({ id: 'PoolResponse' });
export const pools = z.object({ pools: z.array(pool), total_entries }).meta({ id: 'PoolCollectionResponse' });

const poolName = z.string().min(1).max(250);
const slots = z.int().min(-1);
export const poolBody = z
  .strictObject({
    name: poolName,
    slots,
    description: z.string().nullish(),
    include_deferred: z.boolean().default(false),
    team_name: z.null().optional(),
  })
  .meta({ id: 'PoolBody' });
export const poolPatch = z
  .strictObject({
    pool: poolName.nullish(),
    name: poolName.nullish(),
    slots: slots.nullish(),
    description: z.string().nullish(),
    include_deferred: z.boolean().nullish(),
    team_name: z.null().optional(),
  })
  .meta({ id: 'PoolPatchBody' });

export const variable = z
  .object({
    key: z.string(),
    value: z.string(),
    description: z.string().nullable(),
    is_encrypted: z.boolean(),
    team_name: z.null(),
  })
  .meta({ id: 'VariableResponse' });
export const variables = z
  .object({ variables: z.array(variable), total_entries })
  .meta({ id: 'VariableCollectionResponse' });
export const variableBody = z
  .strictObject({
    key: z.string().min(1).max(250),
    /** A text as it is; anything else as JSON. */
    value: z.json(),
    description: z.string().nullish(),
    team_name: z.null().optional(),
  })
  .meta({ id: 'VariableBody' });

export const connection = z
  .object({
    connection_id: z.string(),
    conn_type: z.string(),
    description: z.string().nullable(),
    host: z.string().nullable(),
    login: z.string().nullable(),
    schema: z.string().nullable(),
    port: z.int().nullable(),
    /** `***` where there is one: it is given to nobody. */
    password: z.string().nullable(),
    extra: z.string().nullable(),
    team_name: z.null(),
  })
  .meta({ id: 'ConnectionResponse' });
export const connections = z
  .object({ connections: z.array(connection), total_entries })
  .meta({ id: 'ConnectionCollectionResponse' });
const jsonText = z.string().refine((text) => isObjectText(text), 'is no JSON object');
export const connectionBody = z
  .strictObject({
    connection_id: z
      .string()
      .max(200)
      .regex(/^[\w.-]+$/),
    conn_type: z.string().min(1),
    description: z.string().nullish(),
    host: z.string().nullish(),
    login: z.string().nullish(),
    schema: z.string().nullish(),
    port: z.int().min(1).max(65_535).nullish(),
    password: z.string().nullish(),
    extra: z.union([jsonText, z.literal('')]).nullish(),
    team_name: z.null().optional(),
  })
  .meta({ id: 'ConnectionBody' });
export const connectionTest = z
  .object({ status: z.boolean(), message: z.string() })
  .meta({ id: 'ConnectionTestResponse' });

function isObjectText(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

export const importError = z
  .object({
    import_error_id: z.int(),
    timestamp: time,
    filename: z.string(),
    bundle_name: z.string().nullable(),
    stack_trace: z.string(),
  })
  .meta({ id: 'ImportErrorResponse' });
export const importErrors = z
  .object({ import_errors: z.array(importError), total_entries })
  .meta({ id: 'ImportErrorCollectionResponse' });
