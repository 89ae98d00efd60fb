// Writes the files that the project's own `ava` command would run, as a JSON array, to the file that is named first.
import { writeFileSync } from 'node:fs';
import { underAva } from './ava_project.mjs';

const [target, ...args] = process.argv.slice(2);
process.env.CI ??= 'true';
await underAva(args, async ({ filter, find }) => {
  writeFileSync(target, JSON.stringify([...new Set(await find(filter))].sort()));
  process.exit(0);
});
