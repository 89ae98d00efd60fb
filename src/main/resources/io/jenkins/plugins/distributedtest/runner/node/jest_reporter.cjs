// Hands what Jest tells of while a file runs to jest_runner.mjs, in the same process.
'use strict';

const listener = globalThis[Symbol.for('distributed-test.jest')];

module.exports = class DistributedTestReporter {
  onTestFileStart() {
    listener.started();
  }

  onTestCaseResult(test, result) {
    listener.ended(result);
  }

  onTestCaseStart() {}

  onRunStart() {
    listener.begun();
  }

  onTestResult(test, result) {
    listener.measured(result);
  }

  onRunComplete() {}

  getLastError() {}
};
