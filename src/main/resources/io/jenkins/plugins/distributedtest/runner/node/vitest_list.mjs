// Prints the files that the project's own `vitest` command would run, as JSON with what there is to know of
// such a run, to the file that is named first.
import { writeFileSync } from 'node:fs';
import { normalize } from 'node:path';
import { vitestProject } from './vitest_project.mjs';

const [target, ...args] = process.argv.slice(2);
const { vitest, filter, judges } = await vitestProject(args);
const specifications = await vitest.globTestSpecifications(filter.map((each) => normalize(each)));
writeFileSync(target, JSON.stringify({
  files: [...new Set(specifications.map(({ moduleId }) => moduleId))].sort(),
  notes: judges,
  passesWithoutTests: vitest.config.passWithNoTests === true,
}));
await vitest.close();
process.exit(0);
