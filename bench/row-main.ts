// The process of one row: takes the name of the row's file from the command line and tells its parent what came out.
import type { Row } from './row.ts';

const { row } = (await import(new URL(`./rows/${process.argv[2]}.ts`, import.meta.url).href)) as { row: Row };
const result = await row();
process.send!(result, () => process.exit(0));
