// Writes the files that the project's own `ava` command would run, as JSON with what there is to know of
// such a run, to the file that is named first.
import { writeFileSync } from 'node:fs';
import { notes, underAva } from './ava_project.mjs';

const [target, ...args] = process.argv.slice(2);
process.env.CI ??= 'true';
await underAva(args, async ({ api, filter, find }) => {
  writeFileSync(target, JSON.stringify({ files: [...new Set(await find(filter))].sort(), notes: notes(api.options) }));
  process.exit(0);
});
