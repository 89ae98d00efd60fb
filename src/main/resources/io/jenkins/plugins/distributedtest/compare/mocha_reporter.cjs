// A reporter for `mocha --reporter FILE`: a line of JSON for each test, named as the mocha runner names it.
'use strict';

const { appendFileSync } = require('node:fs');
const { relative } = require('node:path');

const { DISTRIBUTED_TEST_FILES: wanted, DISTRIBUTED_TEST_REPORT: report } = process.env;
const files = wanted ? JSON.parse(wanted) : null;

module.exports = class LinesReporter {
  constructor(runner) {
    runner.on('pass', (test) => tell(test, 'passed', ''));
    runner.on('pending', (test) => tell(test, 'skipped', ''));
    runner.on('fail', (runnable, error) => tell(runnable, 'failed', String(error?.message ?? error)));
  }
};

function tell(runnable, status, message) {
  const path = runnable.file ?? runnable.ctx?.currentTest?.file; // a hook that a required module has
  const file = path ? relative(process.cwd(), path) : '';
  if (files && file && !files.includes(file)) {
    return; // of the option `file`
  }
  const group = (runnable.titlePath?.() ?? [runnable.title]).slice(0, -1).join(' > ') || file;
  // At once: test code may end the process.
  appendFileSync(report, JSON.stringify({ file, group, name: runnable.title, status, message }) + '\n');
}
