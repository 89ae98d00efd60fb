// Runs files by the project's own Jest, one after the other in this process, as `jest --runInBand` does: transforms and the
// map of modules stay, each file has a module registry and an environment of its own.
//
// A file is handed to Jest's own scheduler, by its path and once for each project of Jest's that takes it, so that Jest
// itself decides what counts as a failure. Cases come through jest_reporter.cjs as they end. A failed one is held back until
// it is known that it is not tried again (jest.retryTimes); what the scheduler returns at the end has the last word.
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { Coverage } from './jest_coverage.mjs';
import { jestProject } from './jest_project.mjs';
import { config, control, cut, lastWord, leave, say, shown, tellLimits, tellNotes, tellOfExits } from './protocol.mjs';

const LATE_MILLIS = 1000; // how long what tests have left may take to show itself as wrong, when all files have ended
const GONE = 'Snapshots whose test file is gone, with which jest fails until they are removed (jest -u): ';

let running = null; // the file that runs: { run, cases, context, scheduler, strays }
const problems = []; // what failed while no file ran
const setUp = new Map(); // a module of globalSetup or globalTeardown: null, or how it failed
let project = null;
let coverage = null; // what files have covered; null where the project does not measure it
let schedule = Promise.resolve();
let resourcesBefore = 0;

// Libraries ask the command line and this variable, which Jest hands to its workers; snapshots may hold colours.
const color = config.args.filter((each) => /^--(no-)?colors?(=|$)/.test(each)).at(-1);
if (color) {
  process.env.FORCE_COLOR ??= /^--no-|=(false|never)$/.test(color) ? '0' : '1';
}

tellOfExits(() => running?.run);

// While tests run Jest takes these errors itself; what comes at another time nobody else would tell of.
process.on('uncaughtException', stray);
process.on('unhandledRejection', stray);

function stray(error) {
  (running?.strays ?? problems).push(`An error that no test caught: ${shown(error)}`);
}

/**
 * Jest's process ends with the exit code that test code has set, or Jest itself (for a module that is loaded when its
 * environment is gone), unless it is forced to exit.
 */
function exitCode(what) {
  const { exitCode: code } = process;
  process.exitCode = undefined;
  if (code && !project.globalConfig.forceExit) {
    problems.push(`${what} set the exit code ${code}, with which jest ends then, too; what was printed may tell why.`);
  }
}

/** The cases of one file. */
class Cases {
  constructor(run, file, several) {
    this.run = run;
    this.file = file;
    this.several = several;
    this.told = new Map(); // key of a case: how often it was told of
    this.bad = false;
  }

  ended(context, result) {
    if (result.status !== 'failed') {
      this.tell(context, result);
    }
  }

  key(context, { ancestorTitles, title, status }) {
    return JSON.stringify([context.config.id, ancestorTitles, title, status]);
  }

  tell(context, result) {
    const key = this.key(context, result);
    this.told.set(key, (this.told.get(key) ?? 0) + 1);
    const project = this.several ? (context.config.displayName?.name ?? context.config.id) : '';
    const group = [project, ...result.ancestorTitles].filter((each) => each !== '').join(' > ');
    const told = {
      id: this.run,
      name: cut(result.title),
      class: cut(group || this.file),
      seconds: (result.duration ?? 0) / 1000,
      line: result.location?.line ?? 0,
      status: 'skipped',
    };
    if (result.status === 'passed') {
      told.status = 'passed';
    } else if (result.status === 'failed') {
      this.bad = true;
      Object.assign(told, failure(result));
    } else if (result.status === 'todo') {
      told.type = 'todo';
    }
    say({ case: told });
  }

  /** What Jest holds in the end, as far as it was not told of yet. */
  settle(context, results) {
    const told = new Map(this.told);
    for (const each of results) {
      const key = this.key(context, each);
      const count = told.get(key) ?? 0;
      if (count > 0) {
        told.set(key, count - 1);
      } else {
        this.tell(context, each);
      }
    }
  }
}

function failure({ failureMessages, failureDetails }) {
  const trace = plain(failureMessages.join('\n\n'));
  const detail = failureDetails?.[0];
  const error = detail?.error ?? detail;
  const assertion = error?.matcherResult !== undefined || /^(Jest)?Assertion/.test(error?.name ?? '')
    || error?.code === 'ERR_ASSERTION';
  const name = /^(\w*(?:Error|Exception)\w*)(?=:|$)/m.exec(trace)?.[1];
  return {
    status: assertion ? 'failed' : 'error',
    message: trace.split(/\n\s+at /)[0].replace(/^Error: /, '').trimEnd(),
    type: cut((assertion ? 'AssertionError' : name) ?? 'Error'),
    trace,
  };
}

function plain(text) {
  return cut(stripVTControlCharacters(String(text ?? '')).trim());
}

globalThis[Symbol.for('distributed-test.jest')] = {
  begun() {
    // It would report and judge each file by itself.
    running?.scheduler.removeReporter(project.jest.reporters.CoverageReporter);
  },
  started() {
    process.env.JEST_WORKER_ID = process.env.DISTRIBUTED_TEST_SLOT;
  },
  ended(result) {
    running?.cases?.ended(running.context, result);
  },
  measured(result) {
    coverage?.add(result);
  },
};

/** Loads globalSetup or globalTeardown of the session and of a file's projects, each once, as Jest loads them. */
async function hook(name, contexts) {
  const { jest, globalConfig } = project;
  const modules = new Map();
  for (const context of contexts) {
    for (const path of [globalConfig[name], context.config[name]]) {
      if (path && !modules.has(path)) {
        modules.set(path, context.config);
      }
    }
  }
  for (const [path, projectConfig] of modules) {
    if (!setUp.has(path)) {
      setUp.set(path, await called(jest, path, globalConfig, projectConfig));
    }
    if (setUp.get(path)) {
      throw new Error(`${name} failed (${path}): ${setUp.get(path)}`);
    }
  }
}

async function called(jest, path, globalConfig, projectConfig) {
  try {
    const transformer = await jest.transform.createScriptTransformer(projectConfig);
    await transformer.requireAndTranspileModule(path, async (module) => {
      if (typeof module !== 'function') {
        throw new TypeError('it exports no function');
      }
      await module(globalConfig, projectConfig);
    });
    return null;
  } catch (error) {
    return shown(error);
  }
}

async function runFile(run, file) {
  const { jest, contexts } = project;
  const path = real(file);
  const tests = contexts
    .filter((context) => new jest.core.SearchSource(context).isTestFilePath(path))
    .map((context) => ({ context, path, duration: undefined }));
  if (tests.length === 0) {
    return [`Jest does not take ${file} for a test of this project: see testMatch, testRegex, roots and `
      + 'testPathIgnorePatterns of its configuration, or give the file to another runner.'];
  }
  const cases = new Cases(run, file, tests.length > 1);
  running.cases = cases;
  await hook('globalSetup', tests.map((each) => each.context));
  const messages = [];
  for (const test of tests) {
    messages.push(...await runTest(test, cases));
  }
  // Errors that nobody handles come to light a turn of the event loop later.
  await new Promise((turn) => setImmediate(() => setImmediate(turn)));
  messages.push(...running.strays);
  exitCode(file);
  return cases.bad || messages.length > 0 ? messages : null;
}

/** Runs a file for one of Jest's projects: the scheduler does not tell which one a case is of. */
async function runTest(test, cases) {
  const { jest, globalConfig } = project;
  running.context = test.context;
  const scheduler = await jest.core.createTestScheduler(globalConfig, { firstRun: true, previousSuccess: true });
  running.scheduler = scheduler;
  const { testResults, snapshot } = await scheduler.scheduleTests([test], new jest.TestWatcher({ isWatchMode: false }));
  ofTree(snapshot);
  if (testResults.length === 0) {
    return [`Jest has no result for ${test.path}.`];
  }
  cases.settle(test.context, testResults[0].testResults);
  return wrongWith(testResults[0]);
}

/** What is wrong with a file besides its cases. */
function wrongWith({ testExecError, failureMessage, snapshot }) {
  const wrong = testExecError ? [plain(failureMessage || shown(testExecError))] : [];
  if (snapshot?.unchecked > 0) {
    const names = (snapshot.uncheckedKeys ?? []).join(', ');
    wrong.push(`Obsolete snapshots, with which jest fails until they are removed (jest -u): ${names}`);
  }
  return wrong;
}

/** Jest fails when snapshots are left whose test file is gone, whichever files run. */
function ofTree({ filesRemoved, filesRemovedList }) {
  if (filesRemoved > 0 && !problems.some((each) => each.startsWith(GONE))) {
    problems.push(`${GONE}${(filesRemovedList ?? []).join(', ')}`);
  }
}

function real(file) {
  try {
    return realpathSync(resolve(file));
  } catch {
    throw new Error(`There is no file ${file}.`);
  }
}

async function run(message) {
  exitCode('What an earlier file has left');
  running = { run: message.run, cases: null, context: null, scheduler: null, strays: [] };
  tellLimits(project.limits);
  tellNotes(project.judges);
  let wrong;
  try {
    wrong = await runFile(message.run, message.file);
  } catch (error) {
    wrong = [shown(error)];
  }
  running = null;
  say({ done: message.run, status: wrong ? 'failed' : 'passed', message: cut((wrong ?? []).join('\n\n')) });
}

/** Jest does not end before what tests have left has; here that is done for a moment. */
async function late() {
  const until = Date.now() + LATE_MILLIS;
  while (!project.globalConfig.forceExit && resources() > resourcesBefore && problems.length === 0 && Date.now() < until) {
    await new Promise((turn) => setTimeout(turn, 5));
  }
}

/** How many things there are for which this process would not end. */
function resources() {
  return process.getActiveResourcesInfo?.().length ?? 0;
}

async function quit() {
  try {
    const used = project.contexts.filter(({ config: each }) => setUp.size > 0 || each.globalTeardown);
    await hook('globalTeardown', used);
    await late();
    coverage?.write();
    lastWord();
  } catch (error) {
    problems.push(error?.message ?? shown(error));
  }
  exitCode('What files have left, or globalTeardown,');
  if (problems.length > 0) {
    say({ closing: cut(problems.join('\n\n')) }, true);
  }
  leave(0);
}

control.on('message', (message) => {
  schedule = schedule.then(() => (message.quit ? quit() : run(message)));
});

try {
  project = await jestProject(config.args, fileURLToPath(new URL('./jest_reporter.cjs', import.meta.url)));
  const { collectCoverage, coverageDirectory } = project.globalConfig;
  coverage = collectCoverage ? new Coverage(coverageDirectory, project.jest.requireOfReporters) : null;
  resourcesBefore = resources();
  say({ ready: true });
} catch (error) {
  say({ error: error?.message ?? shown(error), callback: false }, true);
  leave(1);
}
