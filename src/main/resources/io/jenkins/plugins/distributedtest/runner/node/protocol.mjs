// What the runners of JavaScript share: the worker protocol of one process, with a thread of its own for the connection.
import { inspect } from 'node:util';
import { Worker } from 'node:worker_threads';

const environment = process.env;

/** What this process is to do, as RunnerLauncher has written it. */
export const config = JSON.parse(environment.DISTRIBUTED_TEST_RUNNER_CONFIG);

const flushed = new Int32Array(new SharedArrayBuffer(4));
const stringify = JSON.stringify;
const exit = process.exit;
const reallyExit = process.reallyExit;
const MAX_TEXT = 256 * 1024;

/** The thread of the connection, which hands on what is asked of this process. */
export const control = new Worker(new URL('./control.mjs', import.meta.url), {
  workerData: {
    port: Number(environment.DISTRIBUTED_TEST_PORT),
    token: environment.DISTRIBUTED_TEST_TOKEN,
    slot: Number(environment.DISTRIBUTED_TEST_SLOT),
    marker: environment.DISTRIBUTED_TEST_MARKER,
    flushed,
  },
  execArgv: [],
  env: withoutOptions(),
});
delete environment.DISTRIBUTED_TEST_PORT;
delete environment.DISTRIBUTED_TEST_TOKEN;
delete environment.DISTRIBUTED_TEST_RUNNER_CONFIG;

// The thread of the connection needs none of what the project loads into its processes.
function withoutOptions() {
  const others = { ...environment };
  delete others.NODE_OPTIONS;
  return others;
}

/** Sends a message; with `flush` it is on its way when this returns. */
export function say(message, flush = false) {
  control.postMessage({ line: stringify(message) + '\n', flush });
  if (flush) {
    Atomics.wait(flushed, 0, 0, 5000);
  }
}

/** A text no longer than a message may be. */
export function cut(text) {
  const string = String(text ?? '');
  return string.length <= MAX_TEXT ? string : string.slice(0, MAX_TEXT / 2) + '\n[…]\n' + string.slice(-MAX_TEXT / 2);
}

/** Anything as a text for people; test code may throw anything. */
export function shown(value) {
  try {
    return inspect(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

/**
 * Says, once and in the output of the file that runs, which limits nobody judges here since they are asked of the whole suite.
 *
 * @param limits the limits; is empty afterwards
 */
export function tellLimits(limits) {
  limits.splice(0).forEach((each) => console.log(`distributed-test: not judged: ${each}`));
}

/**
 * Says, once and in the output of the file that runs, what else people should know.
 *
 * @param notes sentences; is empty afterwards
 */
export function tellNotes(notes) {
  notes.splice(0).forEach((each) => console.log(`distributed-test: ${each}`));
}

/** Ends this process without the exit hooks of test code. */
export function leave(code) {
  reallyExit.call(process, code);
}

/**
 * Lets what listens for the end of this process have its say, as where the tool's own command ends.
 *
 * @returns the exit code that this process would end with
 */
export function lastWord() {
  process.emit('exit', process.exitCode ?? 0);
  return Number(process.exitCode ?? 0);
}

/**
 * Tells test code that ends the process from a crash.
 *
 * @param runs gives the number of the run that is under way, if one is
 * @param isWell says of an exit code whether the run has its result all the same, and a good one
 */
export function tellOfExits(runs, isWell = () => false) {
  let calledAt = '';
  process.exit = function distributedTestExit(...args) {
    calledAt = (new Error().stack ?? '').split('\n').slice(2, 7).join('\n');
    return exit.apply(process, args);
  };
  process.reallyExit = function distributedTestReallyExit(code) {
    const run = runs();
    if (run !== undefined) {
      const well = isWell(code ?? 0);
      say(well ? { done: run, status: 'passed', last: true } : { exiting: run, code: code ?? 0, message: calledAt }, true);
    }
    return reallyExit.call(process, code);
  };
}
