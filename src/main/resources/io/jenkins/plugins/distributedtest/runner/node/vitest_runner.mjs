// Runs files by the project's own Vitest, one after the other by one instance of it, as `vitest run` does: what was
// transformed stays, each file gets a process or thread of Vitest's pool, as the project has it.
//
// A file is handed to Vitest by its path, once for each project of Vitest's that takes it. Vitest itself decides what
// counts as a failure: what it holds in the end has the last word, errors that no test caught included.
import { subscribe } from 'node:diagnostics_channel';
import { realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { resolve } from 'node:path';
import { config, control, cut, lastWord, leave, say, shown, tellLimits, tellNotes, tellOfExits } from './protocol.mjs';
import { traceOf, VitestCases } from './vitest_cases.mjs';
import { measured } from './vitest_coverage.mjs';
import { vitestProject } from './vitest_project.mjs';
import { TypeChecks } from './vitest_types.mjs';

const LATE_MILLIS = 300; // how long a file that is not isolated may take to go wrong behind its tests

const FAILED = 1; // the exit code that Vitest sets when a test fails

let vitest;
let running = null; // the file that runs: { run, cases, module, strays, signal }
let types = null; // the checks of types
let broken = null; // how the set-up of all files failed
const problems = []; // what failed while no file ran
let limits = []; // what nobody judges here
let judges = []; // what else decides on a whole run
let leaveCoverage = null; // where the project measures it
let schedule = Promise.resolve();

tellOfExits(() => running?.run);

// Errors of this process, which runs no test: those of tests come from Vitest's pool.
process.on('uncaughtException', stray);
process.on('unhandledRejection', stray);

function stray(error) {
  (running?.strays ?? problems).push(`An error that no test caught: ${shown(error)}`);
}

// The processes of Vitest's pool: how one ended that neither Vitest nor the test code of this process has ended.
subscribe('child_process', ({ process: child }) => {
  child.once('exit', (code, signal) => {
    if (running && signal && !child.killed) {
      running.signal = signal;
    }
  });
});

const reporter = {
  onTestCaseResult: (test) => (test.module.moduleId === running?.module ? running.cases.ended(test) : undefined),
  // Vitest's process waits for this. Without isolation the next file would run in it, and what this one has left would still
  // fail the run; with isolation Vitest itself ends the process at once.
  onTestModuleEnd: ({ project }) => (isolated(project) ? undefined : new Promise((later) => setTimeout(later, LATE_MILLIS))),
  onUserConsoleLog: ({ type, content }) => (type === 'stderr' ? process.stderr : process.stdout).write(content),
};

function isolated({ config }) {
  return config.poolOptions?.[config.pool]?.isolate ?? config.isolate;
}

async function runFile(number, file) {
  if (broken) {
    return [broken];
  }
  const path = real(file);
  const specifications = await specificationsOf(path);
  if (specifications.length === 0) {
    return [`Vitest does not take ${file} for a test of this project: see include, exclude and projects of its `
      + 'configuration, or give the file to another runner.'];
  }
  const cases = new VitestCases(number, file, specifications.length > 1);
  running.cases = cases;
  const wrong = [];
  for (const each of specifications) {
    wrong.push(...await runOne(each, cases));
  }
  return [...wrong, ...running.strays];
}

/** A file for each project that takes it; looked for again where it is new. */
async function specificationsOf(path) {
  const known = vitest.getModuleSpecifications(path);
  if (known.length > 0) {
    return known;
  }
  vitest.projects.forEach((each) => {
    each.testFilesList = null;
  });
  await vitest.globTestSpecifications();
  return vitest.getModuleSpecifications(path);
}

/** Runs a file for one of Vitest's projects; answers with what is wrong besides its tests. */
async function runOne(specification, cases) {
  let result;
  try {
    running.module = specification.moduleId;
    result = types.takes(specification)
      ? await types.result(specification)
      : await vitest.runTestSpecifications([specification], false);
  } catch (error) {
    broken = `Vitest failed outside of its tests (globalSetup?): ${shown(error)}`; // it would not set up a second time
    return [broken];
  }
  const module = result.testModules.find((each) => each.moduleId === specification.moduleId
    && each.project === specification.project);
  const wrong = module ? cases.settle(module) : [`Vitest has no result for ${specification.moduleId}.`];
  wrong.push(...uncaught(result.unhandledErrors));
  if (module && !module.ok() && wrong.length === 0 && ![...module.children.allTests('failed')].length) {
    wrong.push('Vitest holds the file for failed, and does not say why.');
  }
  cases.bad ||= [...(module?.children.allTests('failed') ?? [])].length > 0;
  return wrong;
}

function uncaught(errors) {
  const counted = vitest.config.dangerouslyIgnoreUnhandledErrors ? [] : errors;
  return counted.map((error) => `An error that no test caught: ${traceOf(error)}`);
}

function real(file) {
  try {
    return realpathSync(resolve(file));
  } catch {
    throw new Error(`There is no file ${file}.`);
  }
}

async function run({ run: number, file }) {
  running = { run: number, cases: null, module: null, strays: [], signal: null };
  tellLimits(limits);
  tellNotes(judges);
  const { exitCode } = process;
  let wrong;
  try {
    wrong = await runFile(number, file);
  } catch (error) {
    wrong = [shown(error)];
  }
  const bad = wrong.length > 0 || running.cases?.bad;
  if (bad && process.exitCode === FAILED) {
    process.exitCode = exitCode; // Vitest has set it, for this file
  }
  const { signal } = running;
  const killed = bad && signal ? { signal, code: 128 + (constants.signals[signal] ?? 0) } : {};
  running = null;
  say({ done: number, status: bad ? 'failed' : 'passed', message: cut(wrong.join('\n\n')), ...killed });
}

async function quit() {
  try {
    await leaveCoverage?.();
    await vitest.close();
  } catch (error) {
    problems.push(`Vitest did not end well: ${shown(error)}`);
  }
  end([...problems, ...lastProblems()]);
}

/** What the command of Vitest would end with, where globalSetup or the configuration decides about that. */
function lastProblems() {
  try {
    const code = lastWord();
    return code ? [`The exit code ${code} was set in Vitest's own process (globalSetup?): vitest ends with it.`] : [];
  } catch (error) {
    return [`What listens for the end of Vitest's process failed: ${shown(error)}`];
  }
}

function end(all) {
  if (all.length > 0) {
    say({ closing: cut(all.join('\n\n')) }, true);
  }
  leave(0);
}

control.on('message', (message) => {
  schedule = schedule.then(() => (message.quit ? quit() : run(message)));
});

try {
  const project = await vitestProject(config.args, reporter);
  vitest = project.vitest;
  types = new TypeChecks(vitest, (errors) => problems.push(...uncaught(errors)));
  await vitest.report('onInit', vitest);
  await vitest.globTestSpecifications(); // which files are whose
  ({ limits, judges } = project);
  leaveCoverage = vitest.config.coverage.enabled ? await measured(vitest, project.reporters) : null;
  say({ ready: true });
} catch (error) {
  say({ error: error?.message ?? shown(error), callback: false }, true);
  leave(1);
}
