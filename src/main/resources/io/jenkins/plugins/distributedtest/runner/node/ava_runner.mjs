// Runs files by the project's own AVA, one after the other: AVA's own command is started, so that options, configuration
// and extensions are those of `ava`, and where it would run its files, each that comes here is handed to it by its path.
// AVA starts a worker (a thread or a process) for each file, as it always does, and decides what counts as a failure.
import { realpathSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { relative, resolve, sep } from 'node:path';
import { notes, underAva } from './ava_project.mjs';

const HELD = ['DISTRIBUTED_TEST_PORT', 'DISTRIBUTED_TEST_TOKEN', 'DISTRIBUTED_TEST_RUNNER_CONFIG'];

const config = JSON.parse(process.env.DISTRIBUTED_TEST_RUNNER_CONFIG);
// The configuration is code of the project, which shall not see what opens the connection.
const held = Object.fromEntries(HELD.map((name) => [name, process.env[name]]));
HELD.forEach((name) => delete process.env[name]);
process.env.CI ??= 'true'; // snapshots are not written

const directory = process.cwd();
let ava; // { api, run, find }
let protocol;
let taken = null; // what AVA takes for tests by itself
let running = null; // the file that runs: { run, cases, strays, ended }
const problems = []; // what failed while no file ran

function stray(error) {
  (running?.strays ?? problems).push(`An error that no test caught: ${protocol.shown(error)}`);
}

async function serve(session) {
  Object.assign(process.env, held);
  protocol = await import('./protocol.mjs');
  ava = session;
  const told = notes(ava.api.options);
  ofOneFile(ava.api.options);
  ava.api.clearListeners('run'); // reports of AVA's own
  ava.api.on('run', ({ status }) => status.on('stateChange', heard));
  protocol.tellOfExits(() => running?.run);
  process.on('uncaughtException', stray);
  process.on('unhandledRejection', stray);
  let schedule = Promise.resolve();
  protocol.control.on('message', (message) => {
    schedule = schedule.then(() => (message.quit ? quit() : run(message)));
  });
  told.forEach((note) => console.log(`distributed-test: ${note}`));
  protocol.say({ ready: true });
  await new Promise(() => {}); // the command has not ended
}

// Which of the suite's files run, and what is kept of their results, is not decided here.
function ofOneFile(options) {
  const providers = options.providers.map((each) => ({ ...each, main: compiledOnce(each.main) }));
  Object.assign(options, { failFast: false, updateSnapshots: false, parallelRuns: null, cacheEnabled: false, providers });
}

// Otherwise TypeScript's compiler would run before each file.
function compiledOnce(main) {
  let compiled = null;
  return { ...main, compile: (request) => (compiled ??= main.compile(request)) };
}

function heard(event) {
  running?.cases.heard(event);
  if (event.type === 'end') {
    running?.ended();
  }
}

async function runFile(number, file) {
  const path = real(file);
  if (!await isTaken(path)) {
    return [`AVA does not take ${file} for a test of this project: see files and extensions of its configuration, or give `
      + 'the file to another runner.'];
  }
  const told = new Promise((ended) => {
    running.ended = ended;
  });
  const status = await ava.run([path]);
  await told;
  running.cases.settle(status.stats, status.suggestExitCode({ matching: false }));
  return [...running.cases.wrong, ...running.strays];
}

async function isTaken(path) {
  if (taken === null) {
    taken = new Set(await ava.find([]));
  }
  // AVA takes some files only where they are named, as `ava FILE` does.
  const pattern = relative(ava.api.options.projectDir, path).replaceAll(sep, '/');
  return taken.has(path) || (await ava.find([{ pattern }])).includes(path);
}

function real(file) {
  try {
    return realpathSync(resolve(directory, file));
  } catch {
    throw new Error(`There is no file ${file}.`);
  }
}

async function run({ run: number, file }) {
  const { AvaCases } = await import('./ava_cases.mjs');
  running = { run: number, cases: new AvaCases(number, file), strays: [], ended: () => {} };
  let wrong;
  try {
    wrong = await runFile(number, file);
  } catch (error) {
    wrong = [error?.message ?? protocol.shown(error)];
  }
  const { bad, exit: { code, signal } } = running.cases;
  running = null;
  const how = signal ? { signal, code: 128 + (constants.signals[signal] ?? 0) } : code > 0 ? { code } : {};
  const status = wrong.length > 0 || bad ? 'failed' : 'passed';
  protocol.say({ done: number, status, message: protocol.cut(wrong.join('\n\n')), ...how });
}

function quit() {
  if (ava.api._cacheDir) {
    rmSync(ava.api._cacheDir, { recursive: true, force: true }); // in the directory for temporary files
  }
  if (problems.length > 0) {
    protocol.say({ closing: protocol.cut(problems.join('\n\n')) }, true);
  }
  protocol.leave(0);
}

await underAva(config.args, serve);
