// The project's own Vitest, as its command would be set up: the options of the test script, its configuration, its projects.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installed } from './installed.mjs';

const OLDEST = 3;

/**
 * Loads the Vitest of the project in the working directory, and reads its configuration.
 *
 * @param args options of the `vitest` command
 * @param reporter what takes the place of all reporters
 */
export async function vitestProject(args, reporter = {}) {
  process.env.CI ??= 'true'; // snapshots are not written, and a forgotten `only` fails
  process.env.TEST = 'true';
  process.env.VITEST = 'true';
  process.env.NODE_ENV ??= 'test';
  const { api, major, reporters } = await load(process.cwd());
  const { filter, options } = api.parseCLI(['vitest', ...args.filter((each) => !/^--?w(atch)?(=|$)/.test(each))]);
  const vitest = await api.createVitest('test', { ...ofOneFile(options), ...(major < 4 && { minWorkers: 1, maxWorkers: 1 }) });
  vitest.reporters = [reporter];
  const inBrowser = vitest.projects.filter(({ config }) => config.browser?.enabled).map(({ name }) => name || 'the project');
  if (inBrowser.length > 0) {
    await vitest.close();
    throw new Error(
      `Vitest is to run tests in a browser (${inBrowser.join(', ')}), which distributed-test does not do. Leave them out by `
        + 'the option --project of the others ("runners": {"args": {"vitest": ["--project", "NAME"]}}), or run that suite by '
        + 'its own command.',
    );
  }
  const told = { judges: judges(vitest, options), limits: limits(vitest) };
  // A file's other tests are run as well, whatever the configuration says.
  [vitest, ...vitest.projects].forEach(({ config }) => {
    config.bail = 0;
  });
  return { vitest, filter, reporters, ...told };
}

async function load(directory) {
  const { root, version, exports } = installed('vitest', 'Vitest', directory);
  const major = Number.parseInt(version, 10);
  if (major < OLDEST) {
    throw new Error(
      `The project has Vitest ${version}; Vitest ${OLDEST} or later is needed. For this one set `
        + '"runners": {"command": ["npx", "vitest", "run", "{file}"]}.',
    );
  }
  const part = (name) => {
    const entry = exports[name];
    const path = typeof entry === 'string' ? entry : (entry.default ?? entry.import);
    return import(pathToFileURL(join(root, path)));
  };
  return { api: await part('./node'), major, reporters: () => part('./reporters') };
}

// Which of the suite's files run, and what is made of the results, is not decided here.
function ofOneFile(options) {
  const own = { ...options, watch: false, run: true, cache: false };
  if (own.exclude) {
    own.cliExclude = [own.exclude].flat();
  }
  const others = ['exclude', 'shard', 'changed', 'related', 'reporter', 'reporters', 'outputFile', 'ui', 'open', 'standalone'];
  others.push('mergeReports', 'clearCache', 'update', 'u', 'listTags', '--');
  others.forEach((each) => delete own[each]);
  return own;
}

/** What decides on a whole run besides its tests, and is not asked here. */
function judges({ config }, { reporter }) {
  const all = [reporter ?? config.reporters ?? []].flat().map((each) => (Array.isArray(each) ? each[0] : each));
  const own = all.filter((each) => typeof each !== 'string' || /^[./]/.test(each) && !each.includes('/node_modules/'))
    .map((each) => (typeof each === 'string' ? each : (each?.constructor?.name ?? 'one without a name')));
  return [
    own.length > 0 ? `not judged: what reporters of the project make of the results (${own.join(', ')})` : '',
    config.bail ? 'bail is switched off: every file is run.' : '',
  ].filter(Boolean);
}

/** What is asked of the whole suite, of which a process sees a part. */
function limits({ config: { coverage } }) {
  return coverage.enabled && Object.keys(coverage.thresholds ?? {}).length > 0 ? ['coverage.thresholds of Vitest'] : [];
}
