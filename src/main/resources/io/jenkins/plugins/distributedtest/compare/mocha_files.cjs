// Loaded before `mocha`: where mocha looks for its files, it finds those that are named, if any are. It leaves a report in
// any case, since mocha runs nothing when one of its files does not load.
'use strict';

const { existsSync, realpathSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { dirname, join, resolve } = require('node:path');

const { DISTRIBUTED_TEST_FILES: files, DISTRIBUTED_TEST_REPORT: report } = process.env;

if (/[\\/]mocha[\\/](bin|lib)[\\/]/.test(process.argv[1] ?? '')) {
  if (!existsSync(report)) {
    writeFileSync(report, '');
  }
  if (files) {
    const paths = JSON.parse(files).map((each) => resolve(each));
    const root = packageOf(realpathSync(process.argv[1]));
    const name = ['lib/cli/collect-files.cjs', 'lib/cli/collect-files.js'].find((each) => existsSync(join(root, each)));
    const require = createRequire(join(root, 'package.json'));
    const own = require(`./${name}`);
    require.cache[join(root, name)].exports = (options) => own({ ...options, spec: paths, ignore: [] });
  }
}

function packageOf(file) {
  let at = dirname(file);
  while (!existsSync(join(at, 'package.json'))) {
    at = dirname(at);
  }
  return at;
}
