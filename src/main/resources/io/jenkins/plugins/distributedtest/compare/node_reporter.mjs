// A reporter for `node --test --test-reporter=FILE`: a line of JSON for each test, named as the node runner names it.
import { relative, resolve } from 'node:path';

const isSet = (mark) => mark !== undefined && mark !== false;

function line(file, group, name, status, message = '') {
  return JSON.stringify({ file, group: group || file, name, status, message }) + '\n';
}

export default async function* report(source) {
  const files = new Map(); // a file's path: how many tests it has told of
  let path = [];
  let file = '';
  for await (const { type, data } of source) {
    if (type === 'test:start') {
      path.length = Math.max(0, data.nesting);
      path.push(data.name);
      continue;
    }
    if (type !== 'test:pass' && type !== 'test:fail') {
      continue;
    }
    const passed = type === 'test:pass';
    const error = data.details?.error;
    const message = String(error?.cause?.message ?? error?.cause ?? error?.message ?? '');
    // Told of as a test by node: a file that has none, or whose process went wrong.
    const ofFile = data.nesting === 0 && /[\\/]/.test(data.name) && (!data.file || resolve(data.name) === data.file);
    file = relative('', ofFile ? resolve(data.name) : (data.file ?? ''));
    if (ofFile) {
      if (!passed && error?.failureType !== 'subtestsFailed') {
        yield line(file, file, file, 'failed', message);
      } else if (passed && !files.get(file)) {
        yield line(file, file, file, 'passed');
      }
      continue;
    }
    const isGroup = data.details?.type === 'suite';
    if (isGroup && (passed || error?.failureType === 'subtestsFailed')) {
      continue;
    }
    files.set(file, (files.get(file) ?? 0) + 1);
    const status = isSet(data.skip) || isSet(data.todo) ? 'skipped' : passed ? 'passed' : 'failed';
    yield line(file, path.slice(0, data.nesting).join(' > '), data.name, status, passed ? '' : message);
  }
}
