// The files that one process of mocha's runs, between what mocha does before the first and after the last.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { MochaCases } from './mocha_cases.mjs';
import { notes } from './mocha_project.mjs';
import { config, control, cut, leave, say, shown, tellNotes, tellOfExits } from './protocol.mjs';

const LATE_MILLIS = 1000; // how long what a file has left may take to show itself as wrong
const END_MILLIS = Math.max(1000, (config.end_seconds - 5) * 1000); // to end, after the last file, before it is stopped
const HOOKS = ['_beforeAll', '_beforeEach', '_afterAll', '_afterEach'];

let mocha; // parts of the project's mocha
let options; // as mocha's command has understood them
let Mocha;
let told = []; // for the output of the first file
let running = null; // the file that runs: { run, phase, strays, cases }
let ranBefore = false;
let ownHooks = null; // root hooks of the files of the option `file`, which are loaded once
let fixtures = null; // what global fixtures share
let fixtureProblem = null;
const problems = []; // what failed while no file ran
const directory = process.cwd();

/** Waits for files, and runs them. Answers when the process is ready for the first. */
export async function serve(parts, understood) {
  mocha = parts;
  Mocha = mocha.part('lib/mocha');
  if (understood.parallel) {
    process.env.MOCHA_WORKER_ID = String(Number(process.env.DISTRIBUTED_TEST_SLOT) - 1);
  }
  options = {
    ...understood,
    parallel: false,
    failZero: false,
    passOnFailingTestSuite: false,
    globalSetup: [],
    globalTeardown: [],
    forbidOnly: understood.forbidOnly || understood.parallel, // as mocha has it
  };
  told = notes(understood);
  fixtures = { setup: understood.globalSetup ?? [], teardown: understood.globalTeardown ?? [], context: {}, isUp: false };
  // Test code that ends the process when all tests have ended takes nothing away from mocha's own result.
  tellOfExits(() => running?.run, (code) => code === 0 && running.strays.length === 0 && running.cases?.areWell === true);
  listen();
  let schedule = Promise.resolve();
  control.on('message', (message) => {
    schedule = schedule.then(() => (message.quit ? quit() : run(message)));
  });
  say({ ready: true });
}

function listen() {
  process.on('uncaughtException', uncaught);
  process.on('unhandledRejection', unhandled);
}

/** While tests run, mocha takes these errors itself, and is alone in that: tests may count who listens, or pass it over. */
function listenNoMore() {
  process.removeListener('uncaughtException', uncaught);
  process.removeListener('unhandledRejection', unhandled);
}

// Where mocha is told to exit, it is no longer there for what comes behind the tests.
function uncaught(error) {
  if (options.exit && running?.phase !== 'load') {
    console.error(error);
  } else {
    (running?.strays ?? problems).push(`An error that no test caught: ${shown(error)}`);
  }
}

// mocha passes over rejections that nobody handles once it runs tests; before, they end it.
function unhandled(error) {
  if (running?.phase === 'load' && process.listenerCount('unhandledRejection') === 1) {
    running.strays.push(`A rejection that nobody handled: ${shown(error)}`);
  }
}

async function run({ run: number, file }) {
  running = { run: number, phase: 'load', strays: [] };
  tellNotes(told);
  let end;
  try {
    end = await runFile(number, file);
  } catch (error) {
    end = { wrong: [shown(error)] };
  }
  running = null;
  ranBefore = true;
  if (end.again) {
    say({ done: number, again: true });
    return;
  }
  const { wrong, last = false } = end;
  say({ done: number, status: wrong ? 'failed' : 'passed', message: cut((wrong ?? []).join('\n\n')), last });
}

async function runFile(number, file) {
  const path = resolve(directory, file);
  if (!existsSync(path)) {
    return { wrong: [`There is no file ${file}.`] };
  }
  const cases = new MochaCases(number, file);
  running.cases = cases;
  const instance = new Mocha({ ...options, reporter: cases.reporter });
  const before = resources();
  const known = await load(instance, path);
  if (running.strays.length > 0) {
    return { wrong: running.strays };
  }
  if (ranBefore && instance.suite.total() === 0) {
    return { again: true }; // it may have been loaded by a file before
  }
  const last = countHooks(instance) > known;
  await setUp();
  running.phase = 'tests';
  const failures = await tests(instance);
  running.phase = 'end';
  await late(before);
  process.chdir(directory);
  const wrong = [...running.strays];
  if (failures > 0 && cases.bad === 0) {
    wrong.push(`mocha counts ${failures} failures, and told of none.`);
  }
  return { wrong: cases.bad > 0 || wrong.length > 0 ? wrong : null, last };
}

/** Loads a file behind those of the option `file`; tells how many root hooks there are besides the file's. */
async function load(instance, path) {
  const first = (options.file ?? []).map((each) => resolve(directory, each));
  if (ownHooks === null) {
    const given = hooksOf(instance);
    for (const each of first.filter((other) => other !== path)) {
      await loadOne(instance, each);
      forgetTests(instance.suite); // they are told of as those of their own file
    }
    // mocha takes the functions away from hooks that have run
    ownHooks = hooksOf(instance).map((hooks, i) => hooks.slice(given[i].length).map(({ title, fn }) => ({ title, fn })));
  } else {
    HOOKS.forEach((kind, i) => ownHooks[i].forEach((hook) => addHook(instance.suite, kind, hook)));
  }
  const known = countHooks(instance);
  await loadOne(instance, path);
  return known;
}

async function loadOne(instance, path) {
  instance.files = [path];
  await instance.loadFilesAsync();
}

function forgetTests(suite) {
  for (const kind of ['suites', 'tests', '_onlySuites', '_onlyTests']) {
    suite[kind] = [];
  }
}

function hooksOf({ suite }) {
  return HOOKS.map((kind) => [...suite[kind]]);
}

function countHooks(instance) {
  return hooksOf(instance).flat().length;
}

function addHook(suite, kind, { title, fn }) {
  suite[kind.slice(1)](fn);
  suite[kind].at(-1).title = title;
}

/** Global fixtures come once per process, before its first tests. */
async function setUp() {
  if (!fixtures.isUp) {
    fixtures.isUp = true;
    try {
      for (const each of fixtures.setup) {
        await each.call(fixtures.context);
      }
    } catch (error) {
      fixtureProblem = `mochaGlobalSetup failed: ${shown(error)}`;
    }
  }
  if (fixtureProblem) {
    throw new Error(fixtureProblem);
  }
}

async function tests(instance) {
  let runner;
  listenNoMore();
  const failures = await new Promise((ended) => {
    runner = instance.run((count) => {
      listen();
      ended(count);
    });
  });
  runner.dispose();
  return failures;
}

/**
 * What a file has left behind may still go wrong. mocha waits for that before it ends, unless it is told to exit: here
 * that is done for a moment; what comes later is told of as it comes.
 */
async function late(before) {
  await new Promise((turn) => setImmediate(() => setImmediate(turn)));
  const until = Date.now() + LATE_MILLIS;
  while (!options.exit && resources() > before && running.strays.length === 0 && Date.now() < until) {
    await new Promise((turn) => setTimeout(turn, 5));
  }
}

/** How many things there are for which this process would not end. */
function resources() {
  return process.getActiveResourcesInfo?.().length ?? 0;
}

async function quit() {
  try {
    if (fixtures.isUp && !fixtureProblem) {
      for (const each of fixtures.teardown) {
        await each.call(fixtures.context);
      }
    }
  } catch (error) {
    problems.push(`mochaGlobalTeardown failed: ${shown(error)}`);
  }
  if (problems.length > 0) {
    end(problems.join('\n\n'));
  }
  // From here on as mocha ends: by itself, when nothing is left to do, or at once.
  process.removeListener('uncaughtException', uncaught);
  process.on('uncaughtException', (error) => end(`An error that no test caught: ${shown(error)}`));
  process.on('exit', () => {
    process.exitCode = 0; // mocha's own says nothing of what tests have set
  });
  if (options.exit) {
    process.exit(0);
  }
  control.unref();
  setTimeout(() => {
    const left = process.getActiveResourcesInfo?.().join(', ') ?? 'something';
    end(`mocha would not end by itself, since tests have left something open (${left}). Close it in an after hook, or set `
      + 'exit, with which mocha does not wait.');
  }, END_MILLIS).unref();
}

function end(problem) {
  say({ closing: cut(problem) }, true);
  leave(7);
}
