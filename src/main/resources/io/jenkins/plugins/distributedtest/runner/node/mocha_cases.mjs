// Turns what mocha tells of a file into cases, as a reporter of mocha's.
import { cut, say, shown } from './protocol.mjs';

/** The cases of one file, and the reporter that tells of them. */
export class MochaCases {
  constructor(run, file) {
    this.run = run;
    this.file = file;
    this.bad = 0;
    this.ended = 0;
    this.runner = null;
    const cases = this;
    this.reporter = class {
      constructor(runner) {
        cases.runner = runner;
        runner.on('test end', () => cases.ended++);
        runner.on('pass', (test) => cases.tell(test, { status: 'passed' }));
        runner.on('pending', (test) => cases.tell(test, { status: 'skipped' }));
        runner.on('fail', (runnable, error) => cases.failed(runnable, error));
      }
    };
  }

  /** Whether mocha has come to an end with each test that it was to run, and none has failed. */
  get areWell() {
    return this.runner !== null && this.bad === 0 && this.ended === this.runner.grepTotal(this.runner.suite);
  }

  failed(runnable, error) {
    this.bad++;
    this.tell(runnable, failure(error));
  }

  tell(runnable, outcome) {
    const group = (runnable.titlePath?.() ?? [runnable.title]).slice(0, -1).join(' > ');
    say({
      case: {
        id: this.run,
        name: cut(runnable.title),
        class: cut(group || this.file),
        seconds: (runnable.duration ?? 0) / 1000,
        ...outcome,
      },
    });
  }
}

function failure(error) {
  const name = typeof error?.name === 'string' ? error.name : 'Error';
  const assertion = /^Assertion/.test(name) || error?.code === 'ERR_ASSERTION';
  return {
    status: assertion ? 'failed' : 'error',
    message: cut(messageOf(error)),
    type: cut(assertion ? 'AssertionError' : name),
    trace: cut([error, ...(error?.multiple ?? [])].map(traceOf).join('\n\n')),
  };
}

function messageOf(error) {
  return typeof error?.message === 'string' && error.message !== '' ? error.message : shown(error);
}

// Not all of what inspect shows: an error may hold whole servers and documents.
function traceOf(error) {
  return typeof error?.stack === 'string' ? error.stack : shown(error);
}
