// Turns what AVA tells of a file into cases.
import { stripVTControlCharacters } from 'node:util';
import { cut, say } from './protocol.mjs';

const THROWN = 'Error thrown in test';

/** The cases of one file. */
export class AvaCases {
  constructor(run, file) {
    this.run = run;
    this.file = file;
    this.bad = false;
    this.wrong = []; // what is wrong besides the tests
    this.exit = {};
    this.open = new Set(); // tests that have begun
  }

  /** Takes an event of AVA's run. */
  heard(event) {
    const { type, title } = event;
    if (type === 'worker-stdout' || type === 'worker-stderr') {
      process[type.slice('worker-'.length)].write(event.chunk);
    } else if (type === 'selected-test') {
      this.selected(event);
    } else if (type === 'test-passed' || type === 'test-failed') {
      this.open.delete(title);
      this.ended(event, type === 'test-passed');
    } else if (type === 'hook-failed') {
      this.ended(event, false);
    } else if (type === 'timeout') {
      this.stopped(`No test of it ended within ${event.period} ms, AVA's timeout.`);
    } else if (type === 'process-exit') {
      this.stopped(`It called process.exit().\n${plain(event.stack)}`);
    } else {
      this.outside(event);
    }
  }

  selected({ title, skip, todo }) {
    if (skip || todo) {
      this.tell(title, { status: 'skipped', type: todo ? 'todo' : 'skip' });
    } else {
      this.open.add(title);
    }
  }

  ended({ title, duration, err, logs }, passed) {
    (logs ?? []).forEach((each) => console.log(`${title}: ${each}`));
    this.bad ||= !passed;
    this.tell(title, { seconds: (duration ?? 0) / 1000, ...(passed ? { status: 'passed' } : failure(err)) });
  }

  /** All tests that have begun end with this, as AVA's own reports have it. */
  stopped(message) {
    this.wrong.push(message);
    for (const title of this.open) {
      this.bad = true;
      this.tell(title, { status: 'error', message: cut(message), type: 'Error' });
    }
    this.open.clear();
  }

  outside({ type, err, nonZeroExitCode, signal, filename }) {
    if (type === 'uncaught-exception' || type === 'unhandled-rejection') {
      this.wrong.push(`An error that no test caught: ${traceOf(err)}`);
    } else if (type === 'internal-error' || type === 'line-number-selection-error') {
      this.wrong.push(`AVA failed: ${traceOf(err)}`);
    } else if (type === 'shared-worker-error') {
      this.wrong.push(`A shared worker failed: ${filename ?? ''} ${traceOf(err)}`);
    } else if (type === 'missing-ava-import') {
      this.wrong.push(`No tests were found in ${this.file}: it does not import "ava".`);
    } else if (type === 'worker-failed') {
      this.exit = signal ? { signal } : { code: nonZeroExitCode };
      if (err) {
        this.wrong.push(`Its worker failed: ${traceOf(err)}`);
      } else if (signal) {
        this.wrong.push(`The process that ran it ended: killed by signal ${signal.replace(/^SIG/, '')}.`);
      } else if (this.wrong.length === 0) {
        this.wrong.push(`Its process ended with exit code ${nonZeroExitCode}.`);
      }
    }
  }

  tell(title, outcome) {
    say({ case: { id: this.run, name: cut(title), class: this.file, seconds: 0, ...outcome } });
  }

  /** What AVA holds in the end. */
  settle(stats, exitCode) {
    if (stats.declaredTests === 0 && this.wrong.length === 0) {
      this.wrong.push(`No tests were found in ${this.file}.`);
    }
    const left = [...this.open];
    if (exitCode !== 0 && left.length > 0) {
      this.wrong.push(`These tests have not run to their end: ${left.join(', ')}`);
    }
    if (exitCode !== 0 && !this.bad && this.wrong.length === 0) {
      this.wrong.push('AVA holds the file for failed, and does not say why.');
    }
  }
}

function failure(err) {
  const message = [err?.message, ...details(err)].filter(Boolean).join('\n');
  const assertion = err?.name === 'AssertionError' && err.message !== THROWN;
  return {
    status: assertion ? 'failed' : 'error',
    message: plain(message || 'It failed, and AVA does not say why.'),
    type: assertion ? 'AssertionError' : cut(nameIn(err)),
    trace: traceOf(err),
  };
}

function nameIn({ name, stack, message } = {}) {
  return (message === THROWN ? /^(\w*(?:Error|Exception))\b/.exec(stack ?? '')?.[1] : name) ?? 'Error';
}

function details(err) {
  return (err?.formattedDetails ?? []).map(({ label, formatted }) => [label, formatted].filter(Boolean).join('\n'));
}

/** An error as AVA hands it on, as a text. */
export function traceOf(err) {
  const { message = '', stack = '' } = err ?? {};
  const head = stack.includes(message) ? '' : message;
  return plain([head, ...details(err), err?.formattedCause, stack].filter(Boolean).join('\n'));
}

function plain(text) {
  return cut(stripVTControlCharacters(String(text ?? '')).trim());
}
