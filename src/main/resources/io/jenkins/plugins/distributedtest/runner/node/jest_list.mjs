// Prints the files that the project's own `jest` command would run, as a JSON array, to the file that is named first.
import { writeFileSync } from 'node:fs';
import { jestProject } from './jest_project.mjs';

const [target, ...args] = process.argv.slice(2);
const { jest, globalConfig, contexts } = await jestProject(args);
const files = new Set();
for (const context of contexts) {
  const source = new jest.core.SearchSource(context);
  const { tests } = await source.getTestPaths(globalConfig, context.config);
  tests.forEach((each) => files.add(each.path));
}
writeFileSync(target, JSON.stringify([...files].sort()));
process.exit(0);
