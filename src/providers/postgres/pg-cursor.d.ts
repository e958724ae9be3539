declare module 'pg-cursor' {
  import type { CustomTypesConfig, FieldDef, Submittable } from 'pg';

  interface CursorResult {
    fields: FieldDef[];
  }

  export default class Cursor implements Submittable {
    constructor(text: string, values?: unknown[], config?: { types?: CustomTypesConfig });
    submit(connection: unknown): void;
    read(
      rows: number,
      callback: (error: Error | null | undefined, rows: unknown[], result: CursorResult) => void,
    ): void;
    close(): Promise<void>;
  }
}
