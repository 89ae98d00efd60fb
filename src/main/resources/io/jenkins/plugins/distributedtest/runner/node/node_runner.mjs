// Runs files of node:test, one after the other, each in a process of its own as `node --test` does, or all in this one.
//
// With isolation "file", node:test itself starts each file's process, collects its tests and judges how it ended: what
// counts is what counts for `node --test`, late errors, exit codes and files of other libraries included.
//
// With isolation "worker" each file is imported here, inside a test of its own which takes in what the file declares at
// its top: its tests become subtests, its hooks stay its own. Events come through reporter.mjs.
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { config, control, cut, leave, say, shown, tellOfExits } from './protocol.mjs';

const nodeTest = await import('node:test');
const require = createRequire(import.meta.url);
const { hrtime } = process;
const inProcess = config.isolation === 'worker';
const SENTINEL = 'distributed-test: end of file';
const MAX_ERRORS = 8 * 1024;

let running = null; // the file that runs: { run, file, listen, stray }
const imported = new Set();

function messageOf(error) {
  try {
    return cut(error?.message ?? error);
  } catch {
    return shown(error);
  }
}

tellOfExits(() => running?.run);

// Turns the events of one file into cases. Tests of the file itself have the nesting `base`.
class Cases {
  constructor(run, file, base) {
    this.run = run;
    this.file = file;
    this.base = base;
    this.path = [];
    this.count = 0;
    this.bad = 0;
  }

  event({ type, data }) {
    if (type === 'test:start') {
      this.path.length = Math.max(0, data.nesting - this.base);
      this.path.push(data.name);
    } else if (type === 'test:pass' || type === 'test:fail') {
      this.ended(data, type === 'test:pass');
    }
  }

  ended(data, passed) {
    const depth = data.nesting - this.base;
    const failureType = data.details?.error?.failureType;
    const isGroup = data.details?.type === 'suite';
    const ofParts = failureType === 'subtestsFailed';
    // A group is told of only when something of its own went wrong. A test that has subtests is a test to node.
    if (depth < 0 || (depth === 0 && data.name === SENTINEL) || (isGroup && (passed || ofParts))) {
      return;
    }
    const skip = data.skip !== undefined && data.skip !== false;
    const todo = data.todo !== undefined && data.todo !== false;
    const group = this.path.slice(0, depth).join(' > ');
    const told = {
      id: this.run,
      name: cut(data.name),
      class: group || this.file,
      seconds: (data.details?.duration_ms ?? 0) / 1000,
      status: skip || todo ? 'skipped' : 'passed',
      line: data.line ?? 0,
    };
    if (skip || todo) {
      const reason = skip ? data.skip : data.todo;
      told.message = typeof reason === 'string' ? reason : '';
      told.type = skip ? 'skip' : 'todo';
    } else if (!passed) {
      this.bad++;
      Object.assign(told, failure(data.details?.error, failureType));
    }
    this.count++;
    say({ case: told });
  }

  broken(seconds, message) {
    this.bad++;
    say({ case: { id: this.run, name: this.file, class: this.file, seconds, status: 'error', message: cut(message) } });
  }

  whole(seconds) {
    say({ case: { id: this.run, name: this.file, class: this.file, seconds, status: 'passed' } });
  }
}

function failure(error, failureType) {
  const cause = error?.cause ?? error;
  const assertion = cause?.code === 'ERR_ASSERTION' || cause?.name === 'AssertionError';
  return {
    status: assertion ? 'failed' : 'error',
    message: messageOf(cause),
    type: cut((cause instanceof Error ? cause.name : undefined) ?? cause?.name ?? failureType ?? typeof cause),
    trace: cut(shown(cause)),
  };
}

globalThis[Symbol.for('distributed-test.event')] = (event) => running?.listen?.(event);

// Errors that belong to no test that still runs.
const stray = (error) => {
  if (running) {
    running.stray ??= error;
  }
};
process.on('uncaughtExceptionMonitor', stray);
process.on('unhandledRejection', stray);

const EVENTS = ['exit', 'beforeExit', 'uncaughtException', 'unhandledRejection', 'warning', 'SIGINT', 'SIGTERM', 'message'];

// What a file may leave behind in the process, as it was before.
function snapshot() {
  const directory = process.cwd();
  const variables = { ...process.env };
  const listeners = EVENTS.map((event) => [event, process.rawListeners(event)]);
  return () => {
    process.chdir(directory);
    for (const key of Object.keys(process.env)) {
      if (!(key in variables)) {
        delete process.env[key];
      }
    }
    Object.assign(process.env, variables);
    for (const [event, before] of listeners) {
      process.rawListeners(event).filter((each) => !before.includes(each)).forEach((each) => process.off(event, each));
    }
    nodeTest.mock?.reset();
    process.exitCode = undefined;
  };
}

async function runInProcess(run, file) {
  const path = resolve(file);
  const cases = new Cases(run, file, 1);
  const restore = snapshot();
  const wrapper = `distributed-test: run ${run}`;
  let loadError = null;
  let wrapperError = null;
  delete require.cache[path];
  // A module is evaluated once for a URL, so a file that comes again needs another.
  const url = imported.has(path) ? `${pathToFileURL(path)}?again=${run}` : pathToFileURL(path).href;
  imported.add(path);
  const begin = hrtime();
  const reported = new Promise((told) => {
    running.listen = (event) => {
      if (event.data?.nesting === 0 && event.data.name === wrapper && /^test:(pass|fail)$/.test(event.type)) {
        wrapperError = event.data.details?.error;
        told();
      } else {
        cases.event(event);
      }
    };
  });
  const ended = nodeTest.test(wrapper, async (t) => {
    try {
      await import(url);
    } catch (error) {
      loadError = { error };
    }
    // Subtests run in their order, so all of the file's have ended when this one has.
    const end = nodeTest.describe(SENTINEL, () => {});
    await (typeof end?.then === 'function' ? end : t.test(SENTINEL, () => {}));
  });
  await ended;
  await reported;
  // Rejections that nobody handles come to light a turn of the event loop later.
  await new Promise((turn) => setImmediate(() => setImmediate(turn)));
  const seconds = hrtime(begin).reduce((s, ns) => s + ns / 1e9);
  restore();
  finish(cases, loadError, wrapperError, seconds);
}

function finish(cases, loadError, wrapperError, seconds) {
  let message = '';
  if (loadError) {
    message = `The file does not load: ${shown(loadError.error)}`;
  } else if (wrapperError && wrapperError.failureType !== 'subtestsFailed') {
    message = `Outside of its tests the file failed (${wrapperError.failureType}): ${shown(wrapperError.cause)}`;
  } else if (running.stray !== undefined && cases.bad === 0) {
    message = `An error that no test caught: ${shown(running.stray)}`;
  } else if (cases.count === 0) {
    cases.whole(seconds); // a file without tests is one test to node
  }
  done(cases, message);
}

function done(cases, message, exit = {}) {
  const { run } = running;
  running = null;
  const passed = !message && !cases.bad;
  say({ done: run, status: passed ? 'passed' : 'failed', message: cut(message), ...exit });
}

// Node's options are those of the files' processes alone: this one would take its own names of files for names of tests.
if (!inProcess) {
  process.execArgv = config.args;
}

/** What the option --test-timeout says of each file. */
function timeout() {
  const at = config.args.findLastIndex((each) => /^--test-timeout(=|$)/.test(each));
  const text = at < 0 ? '' : (config.args[at].split('=')[1] ?? config.args[at + 1] ?? '');
  return /^[1-9]\d*$/.test(text) ? Number(text) : Infinity;
}

async function runInChild(run, file) {
  const path = resolve(file);
  const cases = new Cases(run, file, 0);
  const end = new ChildEnd();
  const begin = hrtime();
  for await (const event of nodeTest.run({ files: [path], concurrency: 1, timeout: timeout() })) {
    if (event.data?.nesting === 0 && resolve(String(event.data.name)) === path) {
      end.file(event); // told of as a test by node, when it has none or its process went wrong
    } else {
      end.heard(event);
      cases.event(event);
    }
  }
  const seconds = hrtime(begin).reduce((s, ns) => s + ns / 1e9);
  const message = end.failed ? end.message() : '';
  if (end.failed) {
    cases.broken(seconds, message); // node counts it as one more test, which failed
  } else if (cases.count === 0) {
    cases.whole(seconds);
  }
  done(cases, message, end.exit);
}

// How the process of a file ended, and what it said.
class ChildEnd {
  constructor() {
    this.failed = false;
    this.exit = {};
    this.warnings = [];
    this.errors = '';
  }

  heard({ type, data }) {
    if (type === 'test:stdout' || type === 'test:stderr') {
      process.stdout.write(data.message);
    }
    if (type === 'test:stderr') {
      this.errors = (this.errors + data.message).slice(-MAX_ERRORS);
    } else if (type === 'test:diagnostic' && /^(Warning|Error): .* asynchronous activity/.test(data.message)) {
      this.warnings.push(data.message);
    }
  }

  file({ type, data }) {
    if (type === 'test:fail') {
      const error = data.details?.error;
      this.failed = error?.failureType !== 'subtestsFailed';
      this.error = error;
      if (typeof error?.exitCode === 'number') {
        this.exit.code = error.exitCode;
      }
      if (error?.signal) {
        this.exit.signal = error.signal;
        this.exit.code = 128 + (constants.signals[error.signal] ?? 0);
      }
    }
  }

  message() {
    const { code, signal } = this.exit;
    if (signal) {
      return `The process that ran it ended: killed by signal ${signal.replace(/^SIG/, '')}.`;
    }
    const how = code === undefined
      ? `It failed outside of its tests: ${shown(this.error?.cause ?? this.error)}`
      : `It failed outside of its tests: its process ended with exit code ${code}.`;
    return [how, ...this.warnings, this.errors.trim()].filter(Boolean).join('\n');
  }
}

control.on('message', async (message) => {
  if (message.quit) {
    leave(0);
  }
  running = { run: message.run, file: message.file, listen: null, stray: undefined };
  try {
    await (inProcess ? runInProcess : runInChild)(message.run, message.file);
  } catch (error) {
    say({ done: message.run, status: 'failed', message: `The runner failed: ${shown(error)}` });
    running = null;
  }
});

// The first test sets node:test up; when it is told of, so will be all others.
if (inProcess) {
  await new Promise((told, failed) => {
    const late = setTimeout(() => failed(new Error('node:test tells of no tests; Node 18.17 or later is needed')), 20000);
    running = { run: 0, listen: (event) => event.type === 'test:pass' && (clearTimeout(late), told()) };
    nodeTest.test(SENTINEL, () => {});
  }).catch((error) => {
    say({ error: error.message, callback: false }, true);
    leave(1);
  });
  running = null;
}
say({ ready: true });
