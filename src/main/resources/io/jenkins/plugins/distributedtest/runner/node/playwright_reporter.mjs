// A reporter that Playwright is told to use: it writes what it hears to a file, a line of JSON each, for the process that has
// started Playwright. Which file, and which test file is of interest, stands in DISTRIBUTED_TEST_PLAYWRIGHT.
import { appendFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const { report, file: wanted } = JSON.parse(process.env.DISTRIBUTED_TEST_PLAYWRIGHT);
delete process.env.DISTRIBUTED_TEST_PLAYWRIGHT; // test code needs not know

function tell(event) {
  appendFileSync(report, JSON.stringify(event) + '\n');
}

export default class LinesReporter {
  told = new Set();

  printsToStdio() {
    return true; // so Playwright adds no reporter of its own
  }

  onBegin(config, suite) {
    this.config = config;
    this.suite = suite;
    tell({ config: settings(config), files: [...new Set(suite.allTests().map(fileOf))] });
  }

  onStdOut(chunk) {
    process.stdout.write(chunk);
  }

  onStdErr(chunk) {
    process.stderr.write(chunk);
  }

  onTestEnd(test, result) {
    for (const { name, path, contentType } of result.attachments) {
      if (path) {
        console.log(`${test.title}: ${name} (${contentType}) is in ${path}`);
      }
    }
    // With retries, a test that has passed may run again with the others of its serial group.
    if (test.retries === 0) {
      this.tell(test);
    }
  }

  onError(error) {
    tell({ error: messageOf(error), file: error.location?.file });
  }

  async onEnd({ status }) {
    if (!wanted) {
      tell({ reporters: await reportersOf(this.config) });
    }
    for (const test of this.suite?.allTests() ?? []) {
      this.tell(test);
    }
    tell({ end: status });
  }

  tell(test) {
    if (this.told.has(test)) {
      return;
    }
    this.told.add(test);
    const outcome = test.outcome();
    if (fileOf(test) === wanted) {
      tell({ case: caseOf(test, outcome, this.suite) });
    } else if (outcome === 'unexpected') {
      tell({ error: `${test.titlePath().filter(Boolean).join(' > ')} failed, which this file needs:\n${failureOf(test).message}` });
    }
  }
}

/** The reporters that the configuration names, in place of which there is this one. Playwright has loaded the configuration. */
async function reportersOf({ configFile } = {}) {
  if (!configFile) {
    return [];
  }
  const loaded = createRequire(import.meta.url).cache[configFile]?.exports ?? await import(pathToFileURL(configFile));
  const configured = loaded.default?.default ?? loaded.default ?? loaded;
  return [configured.reporter ?? []].flat().map((each) => (Array.isArray(each) ? each[0] : each)).filter(isReporter);
}

function isReporter(name, index, all) {
  return typeof name === 'string' && all.indexOf(name) === index;
}

function settings(config) {
  // The public configuration has no list of servers.
  const symbol = Object.getOwnPropertySymbols(config).find(({ description }) => description === 'configInternalSymbol');
  const servers = config[symbol]?.webServers ?? (config.webServer ? [config.webServer] : []);
  const usual = config.projects.filter(({ dependencies }) => dependencies?.length > 0);
  return {
    servers: servers.map(({ command, url, port, reuseExistingServer }) => ({ command, url, port, reuse: !!reuseExistingServer })),
    output: config.projects[0]?.outputDir,
    globalSetup: [config.globalSetup, config.globalTeardown].some(Boolean),
    maxFailures: config.maxFailures,
    needs: [...new Set(usual.flatMap(({ dependencies }) => dependencies))],
  };
}

function fileOf(test) {
  let at = test.parent;
  while (at && at.type !== 'file') {
    at = at.parent;
  }
  return at?.location?.file ?? test.location.file;
}

/** The project before the groups where the file is one of several projects. */
function caseOf(test, outcome, suite) {
  const groups = [];
  let project = '';
  for (let at = test.parent; at; at = at.parent) {
    if (at.type === 'describe') {
      groups.unshift(at.title);
    } else if (at.type === 'project') {
      project = at.title;
    }
  }
  const file = fileOf(test);
  const projects = suite.suites.filter((each) => each.suites.some(({ location }) => location?.file === file));
  return {
    name: test.title,
    groups: [projects.length > 1 ? project : '', ...groups].filter((each) => each !== ''),
    seconds: test.results.reduce((sum, { duration }) => sum + duration, 0) / 1000,
    line: test.location.file === file ? test.location.line : 0,
    ...outcomeOf(test, outcome),
  };
}

function outcomeOf(test, outcome) {
  if (outcome === 'skipped') {
    const [annotation] = test.annotations.filter(({ type }) => type === 'skip' || type === 'fixme');
    const ran = test.results.some(({ status }) => status !== 'skipped');
    const why = annotation?.description ?? (annotation ? '' : ran || test.results.length > 0 ? '' : 'It did not run.');
    return { status: 'skipped', message: why, type: annotation?.type ?? 'skip' };
  }
  if (outcome === 'flaky') {
    console.log(`${test.title}: flaky, it has passed at attempt ${test.results.length}`);
  }
  return outcome === 'unexpected' ? failureOf(test) : { status: 'passed' };
}

function failureOf(test) {
  const bad = test.results.findLast(({ status }) => status !== 'skipped') ?? test.results.at(-1);
  if (bad?.status === 'passed') {
    return { status: 'failed', type: 'Error', message: 'It passed, and was expected to fail.' };
  }
  const errors = bad?.errors ?? [];
  const exit = errors.map(({ message }) => /worker process exited unexpectedly \(code=(\w+), signal=(\w+)\)/.exec(message ?? ''));
  const [, code, signal] = exit.find(Boolean) ?? [];
  return {
    status: bad?.status === 'failed' && errors.some(({ message }) => /\bexpect\b/.test(plain(message))) ? 'failed' : 'error',
    type: bad?.status === 'timedOut' ? 'TimeoutError' : /^(\w+): /.exec(plain(errors[0]?.message))?.[1] ?? 'Error',
    message: errors.map(({ message, value }) => plain(message ?? value)).join('\n\n') || `It ended as ${bad?.status}.`,
    trace: errors.map(messageOf).join('\n\n'),
    ...(code ? { exit: { code: Number(code), signal: signal === 'null' ? null : signal } } : {}),
  };
}

function messageOf({ message, value, stack, snippet }) {
  return [plain(stack ?? message ?? value), plain(snippet)].filter(Boolean).join('\n\n');
}

function plain(text) {
  return stripVTControlCharacters(String(text ?? '')).trim();
}
