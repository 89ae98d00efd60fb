// A reporter for `jest --reporters=FILE`: a line of JSON for each test, named as the jest runner names it.
'use strict';

const { writeFileSync } = require('node:fs');
const { relative } = require('node:path');

const STATUS = { passed: 'passed', failed: 'failed' };

module.exports = class LinesReporter {
  constructor() {
    this.results = [];
  }

  onTestResult(test, result) {
    this.results.push({ project: test.context.config.displayName?.name ?? test.context.config.id, result });
  }

  onRunComplete() {
    const paths = this.results.map(({ result }) => result.testFilePath);
    const several = (path) => paths.indexOf(path) !== paths.lastIndexOf(path);
    const lines = this.results.flatMap(({ project, result }) => linesOf(result, several(result.testFilePath) ? project : ''));
    writeFileSync(process.env.DISTRIBUTED_TEST_REPORT, lines.map((each) => JSON.stringify(each) + '\n').join(''));
  }
};

function linesOf(result, project) {
  const file = relative(process.cwd(), result.testFilePath);
  const lines = result.testResults.map(({ ancestorTitles, title, status, failureMessages }) => ({
    file,
    group: [project, ...ancestorTitles].filter((each) => each !== '').join(' > ') || file,
    name: title,
    status: STATUS[status] ?? 'skipped',
    message: failureMessages.join('\n\n'),
  }));
  const bad = result.testExecError || result.snapshot?.unchecked > 0;
  if (bad && lines.every(({ status }) => status !== 'failed')) {
    lines.push({ file, group: file, name: '(file)', status: 'failed', message: result.failureMessage ?? 'obsolete snapshots' });
  }
  return lines;
}
