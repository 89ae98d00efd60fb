// Prints the files that the project's own `mocha` command would run, as JSON with what there is to know of
// such a run, to the file that is named first.
import { writeFileSync } from 'node:fs';
import { judge, mochaIn } from './mocha_project.mjs';

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
writeFileSync(target, JSON.stringify({ files: [...new Set(files)].sort(), notes: [judge(options.reporter)].filter(Boolean) }));
process.exit(0);
