// Prints the files that the project's own `mocha` command would run, as JSON with what there is to know of
// such a run, to the file that is named first.
import { writeFileSync } from 'node:fs';
import { mochaIn, notes } from './mocha_project.mjs';

const [target, ...args] = process.argv.slice(2);
const mocha = mochaIn(process.cwd());
const options = await mocha.part('lib/cli/options').loadOptions(args);
const collected = mocha.part('lib/cli/collect-files')({
  extension: [],
  ignore: [],
  file: [],
  recursive: false,
  sort: false,
  ...options,
  spec: options._.length > 0 ? options._ : ['test'],
});
const { files, unmatchedFiles } = Array.isArray(collected) ? { files: collected } : collected;
if (unmatchedFiles?.length > 0) {
  console.error(`There is no file ${unmatchedFiles.map(({ pattern }) => pattern).join(', ')}, which the option file names.`);
  process.exit(1);
}
// By the names that mocha's command gives them when it runs.
const named = Object.fromEntries(Object.entries(options)
  .map(([name, value]) => [name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase()), value]));
writeFileSync(target, JSON.stringify({
  files: [...new Set(files)].sort(),
  notes: notes(named),
  passesWithoutTests: !named.failZero, // mocha has said itself if there are no files
}));
process.exit(0);
