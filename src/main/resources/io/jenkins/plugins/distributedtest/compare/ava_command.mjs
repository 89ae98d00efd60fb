// `ava` with a reporter of ours, which AVA has no place for: started with the path of AVA's command and its arguments, it
// listens to what AVA tells its own reporters. A line of JSON for each test, named as the ava runner names it.
import { appendFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const { DISTRIBUTED_TEST_FILES: wanted, DISTRIBUTED_TEST_REPORT: report } = process.env;
const [cli, ...args] = process.argv.slice(2);
const OUTSIDE = ['uncaught-exception', 'unhandled-rejection', 'worker-failed', 'missing-ava-import', 'internal-error'];

const files = new Map(); // a file's path: { open, failed, declared, wrong }

function tell(file, name, status, message = '') {
  const path = relative(process.cwd(), file);
  if (status === 'failed') {
    files.get(file).failed = true;
  }
  // At once: test code may end the process.
  appendFileSync(report, JSON.stringify({ file: path, group: path, name, status, message }) + '\n');
}

function heard({ type, testFile, title, skip, todo, err, pendingTests }) {
  if (type === 'end') {
    files.forEach(ended);
    return;
  }
  if (type === 'timeout' || type === 'process-exit') {
    pendingTests.forEach((titles, file) => titles.forEach((each) => stopped(file, each, type)));
    return;
  }
  if (!testFile) {
    return;
  }
  if (!files.has(testFile)) {
    files.set(testFile, { open: new Set(), failed: false, declared: 0, wrong: [] });
  }
  const file = files.get(testFile);
  if (type === 'declared-test') {
    file.declared++;
  } else if (type === 'selected-test' && (skip || todo)) {
    tell(testFile, title, 'skipped');
  } else if (type === 'selected-test') {
    file.open.add(title);
  } else if (type === 'test-passed' || type === 'test-failed' || type === 'hook-failed') {
    file.open.delete(title);
    tell(testFile, title, type === 'test-passed' ? 'passed' : 'failed', err?.message);
  } else if (OUTSIDE.includes(type)) {
    file.wrong.push(err?.message ?? type);
  }
}

function stopped(file, title, why) {
  if (files.get(file)?.open.delete(title)) {
    tell(file, title, 'failed', why);
  }
}

function ended({ open, failed, declared, wrong }, path) {
  if (!failed && (wrong.length > 0 || open.size > 0 || declared === 0)) {
    tell(path, '(file)', 'failed', wrong.join('\n\n') || 'no tests');
  }
}

writeFileSync(report, '');
const { default: Api } = await import(pathToFileURL(join(dirname(dirname(cli)), 'lib', 'api.js')));
const run = Api.prototype.run;
Api.prototype.run = function reported(options = {}) {
  this.on('run', ({ status }) => status.on('stateChange', heard));
  return run.call(this, wanted ? { ...options, files: JSON.parse(wanted).map((each) => resolve(each)) } : options);
};
process.argv = [process.argv[0], cli, ...args];
await import(pathToFileURL(cli));
