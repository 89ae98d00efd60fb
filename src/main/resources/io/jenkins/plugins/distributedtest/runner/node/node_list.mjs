// Writes the files that `node --test` would run in the working directory, as JSON, to the file that is named first. Then
// come the program that the test script calls (node, tsx or borp), and what it gives to it.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installed } from './installed.mjs';

const [target, program, ...args] = process.argv.slice(2);
const preload = fileURLToPath(new URL('./node_files.cjs', import.meta.url)).replaceAll('\\', '\\\\');
const env = { ...process.env };
delete env.NODE_TEST_CONTEXT; // with which node would take itself for a file's process
env.NODE_OPTIONS = `${env.NODE_OPTIONS ?? ''} --require="${preload}"`.trim();
env.DISTRIBUTED_TEST_ANSWER = resolve(target);

writeFileSync(target, '');
const before = program === 'node' ? [] : [scriptOf(program)];
if (program === 'borp') {
  env.DISTRIBUTED_TEST_STARTER = realpathSync(before[0]);
}
const { status, signal, error } = spawnSync(process.execPath, [...before, ...args], {
  env,
  stdio: ['ignore', 'ignore', 'inherit'],
});
const text = readFileSync(target, 'utf8');
const files = text === '' ? null : JSON.parse(text);
// With files it has failed in any case, since none could be run.
if (!files || (files.length === 0 && status !== 0)) {
  console.error(error?.message ?? `${program} ${args.join(' ')} ended with ${signal ?? `exit code ${status}`}.`);
  process.exit(1);
}
const strange = files.find((each) => !existsSync(each));
if (strange !== undefined) {
  console.error(program === 'borp'
    ? `There is no file ${strange}, which borp is given.`
    : `node ${process.version} starts tests in a way that is not known here (${strange}).`);
  process.exit(1);
}
writeFileSync(target, JSON.stringify({
  files: [...new Set(files.map((each) => resolve(each)))].sort(),
  passesWithoutTests: files.length === 0, // otherwise each file is a test at least
}));

function scriptOf(name) {
  const { root, bin } = installed(name, name, process.cwd());
  return join(root, typeof bin === 'string' ? bin : bin[name]);
}
