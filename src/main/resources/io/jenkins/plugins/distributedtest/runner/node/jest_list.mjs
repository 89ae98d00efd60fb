// Prints the files that the project's own `jest` command would run, as JSON with what there is to know of
// such a run, to the file that is named first.
import { writeFileSync } from 'node:fs';
import { jestProject } from './jest_project.mjs';

const [target, ...args] = process.argv.slice(2);
const { jest, globalConfig, contexts, judges } = await jestProject(args);
const files = new Set();
for (const context of contexts) {
  const source = new jest.core.SearchSource(context);
  const { tests } = await source.getTestPaths(globalConfig, context.config);
  tests.forEach((each) => files.add(each.path));
}
// A file without tests fails by itself, and one whose tests are filtered away passes.
const passesWithoutTests = files.size > 0 || globalConfig.passWithNoTests === true;
writeFileSync(target, JSON.stringify({ files: [...files].sort(), notes: judges, passesWithoutTests }));
process.exit(0);
