// The project's own Jest, as its command would be set up: the options of the test script, its configuration, its projects.
import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join, relative } from 'node:path';

const OLDEST = 27;

/**
 * Loads the Jest of the project in the working directory, and reads its configuration.
 *
 * @param args options of the `jest` command
 * @param reporter the path of the reporter that is to take the place of all others; none if nothing will run
 */
export async function jestProject(args, reporter) {
  const jest = load(process.cwd());
  process.env.NODE_ENV ??= 'test';
  const argv = await options(jest, args);
  const roots = argv.projects?.length ? argv.projects : [realpathSync(process.cwd())];
  const { given, ...known } = argv;
  const { globalConfig, configs } = await jest.config.readConfigs(known, roots);
  const chosen = configs.filter((each) => isChosen(each, argv));
  const decide = judges(globalConfig, given ?? (globalConfig.reporters ?? []).map(([path]) => path));
  const contexts = await Promise.all(
    chosen.map((each) => jest.Runtime.createContext(each, { console, maxWorkers: 1, watch: false, watchman: false })),
  );
  const config = ofOneFile(globalConfig, reporter);
  return { jest, argv: known, globalConfig: config, judges: decide, limits: limits(globalConfig), contexts };
}

function load(directory) {
  const here = createRequire(join(directory, 'package.json'));
  const from = ['jest', 'jest-cli', '@jest/core'].map((name) => find(here, name)).find(Boolean);
  if (!from) {
    throw new Error(
      `Jest is not installed in ${directory}: neither jest nor @jest/core is in node_modules there or above. Install the `
        + 'project\'s packages first (npm ci), or let node_modules travel with the workspace.',
    );
  }
  const near = createRequire(from);
  const core = find(near, '@jest/core') ?? from;
  const { version } = createRequire(core)(core);
  if (Number.parseInt(version, 10) < OLDEST) {
    throw new Error(
      `The project has Jest ${version}; Jest ${OLDEST} or later is needed. For this one set `
        + '"runners": {"command": ["npx", "jest", "--ci", "--runTestsByPath", "{file}"]}.',
    );
  }
  const own = createRequire(core);
  return {
    core: own('@jest/core'),
    buildArgv: optionsReader(near) ?? optionsReader(here),
    config: own('jest-config'),
    Runtime: unwrapped(own('jest-runtime')),
    transform: own('@jest/transform'),
    reporters: own('@jest/reporters'),
    requireOfReporters: createRequire(own.resolve('@jest/reporters')),
    TestWatcher: own('@jest/core').TestWatcher ?? own('jest-watcher').TestWatcher,
  };
}

function find(requireThere, name) {
  try {
    return requireThere.resolve(`${name}/package.json`);
  } catch {
    return null;
  }
}

/** What reads the options of the command: Jest 30 gives it away, earlier ones have it in a file of their own. */
function optionsReader(requireThere) {
  const place = find(requireThere, 'jest-cli');
  if (!place) {
    return null;
  }
  const { buildArgv } = requireThere('jest-cli');
  const files = ['run.js', 'cli/index.js'].map((each) => join(dirname(place), 'build', each)).filter((each) => existsSync(each));
  return buildArgv ?? files.map((each) => requireThere(each).buildArgv).find(Boolean) ?? null;
}

function unwrapped(module) {
  return module.default ?? module;
}

async function options({ buildArgv }, args) {
  if (!buildArgv) {
    if (args.length > 0) {
      throw new Error(`This Jest does not let its options be read (${args.join(' ')}): install jest-cli beside it.`);
    }
    return { _: [], $0: 'jest', ci: true, runInBand: true, testLocationInResults: true };
  }
  const argv = await buildArgv([...args.filter((each) => !/^--watch(All)?(=|$)/.test(each)), '--ci']);
  // Which of the suite's files run, and how many at once, is not decided here.
  const others = ['shard', 'onlyChanged', 'onlyFailures', 'lastCommit', 'changedSince', 'outputFile', 'json', 'listTests'];
  others.push('findRelatedTests', 'filter', 'reporters', 'maxWorkers', 'w', 'openHandlesTimeout');
  const { reporters } = argv;
  for (const each of others) {
    delete argv[each];
  }
  return { ...argv, given: reporters, runInBand: true, testLocationInResults: true };
}

function isChosen({ displayName }, { selectProjects, ignoreProjects }) {
  const name = displayName?.name;
  return (!selectProjects?.length || selectProjects.includes(name)) && !ignoreProjects?.includes(name);
}

/** What decides on the result of a whole run besides its tests, and is not asked here. */
function judges({ bail, testResultsProcessor, testFailureExitCode }, reporters) {
  const own = reporters.filter((each) => (isAbsolute(each) || each.startsWith('.')) && !/[\\/]node_modules[\\/]/.test(each));
  return [
    own.length > 0 ? `not judged: what reporters of the project make of the results (${own.map(shortly).join(', ')})` : '',
    testResultsProcessor ? `not judged: what testResultsProcessor makes of the results (${shortly(testResultsProcessor)})` : '',
    bail ? 'bail is switched off: every file is run.' : '',
    testFailureExitCode === 0 ? 'testFailureExitCode is left out: a run with failed tests fails.' : '',
  ].filter(Boolean);
}

function shortly(path) {
  return relative(process.cwd(), path);
}

/** What is asked of the whole suite, of which a process sees a part. */
function limits({ collectCoverage, coverageThreshold }) {
  return collectCoverage && Object.keys(coverageThreshold ?? {}).length > 0 ? ['coverageThreshold of Jest'] : [];
}

// Whatever is decided over all of the suite is left out.
function ofOneFile(globalConfig, reporter) {
  return Object.freeze({
    ...globalConfig,
    bail: 0,
    coverageThreshold: undefined,
    detectOpenHandles: false,
    maxWorkers: 1,
    notify: false,
    reporters: reporter ? [[reporter, {}]] : [],
    runInBand: true,
    verbose: true, // what tests print goes out at once, so that it survives a crash
    watch: false,
    watchAll: false,
    workerIdleMemoryLimit: undefined,
  });
}
