// The project's own Playwright, started by its own command with a reporter of ours.
import { spawn } from 'node:child_process';
import { mkdtempSync, openSync, readSync, closeSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installed } from './installed.mjs';

const REPORTER = fileURLToPath(new URL('./playwright_reporter.mjs', import.meta.url));
const POLL = 200; // milliseconds

/** Options of `playwright test` that are followed by a value. */
const VALUE = new Set(
  ('-c --config --browser -g --grep --grep-invert -gv --global-timeout -j --workers --output --repeat-each --retries --timeout'
    + ' --trace --tsconfig --reporter --add-reporter --shard --max-failures --last-failed-file --test-list --test-list-invert'
    + ' --ui-host --ui-port --update-source-method --run-agents').split(' '),
);
const MAY_HAVE_VALUE = new Set(['--debug', '--only-changed', '--shuffle', '-u', '--update-snapshots']);
const SEVERAL = new Set(['--project']);

/** What is ours to do, or asks something of all files together. */
const OF_RUN = new Set(
  ('--reporter --add-reporter --shard --max-failures -x --last-failed --last-failed-file --only-changed --ui --ui-host --ui-port'
    + ' --debug --list --pass-with-no-tests --test-list --test-list-invert').split(' '),
);

/**
 * Parts the arguments of `playwright test`.
 *
 * @returns { options, filters, reporters, has, asks }: those that say how each file is run, the patterns of files, reporters
 *   that are asked for, whether an option is among those, and whether one is among all that there are
 */
export function parted(args) {
  const options = [];
  const filters = [];
  const reporters = [];
  const names = new Set();
  const words = args[0] === 'test' ? args.slice(1) : args;
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (!word.startsWith('-')) {
      filters.push(word);
      continue;
    }
    const name = word.replace(/=.*/s, '');
    const taken = [word];
    names.add(name);
    const next = () => i + 1 < words.length && !words[i + 1].startsWith('-');
    if (!word.includes('=') && VALUE.has(name) && i + 1 < words.length) {
      taken.push(words[++i]);
    } else if (!word.includes('=') && MAY_HAVE_VALUE.has(name) && next()) {
      taken.push(words[++i]);
    }
    while (!word.includes('=') && SEVERAL.has(name) && next()) {
      taken.push(words[++i]);
    }
    if (!OF_RUN.has(name)) {
      options.push(...taken);
    } else if (/reporter$/.test(name)) {
      reporters.push(...(taken[1] ?? word.replace(/^[^=]*=/s, '')).split(','));
    }
  }
  return {
    options,
    filters,
    reporters,
    has: (...some) => options.some((each) => some.includes(each.replace(/=.*/s, ''))),
    asks: (...some) => some.some((each) => names.has(each)),
  };
}

/** A pattern of Playwright's that one path fits, to the letter. */
export function exactly(path) {
  return `/^${escaped(path)}$/g`;
}

/**
 * What the patterns of the command choose of a file: `:LINE` or `:LINE:COLUMN` each, or nothing for the file as a
 * whole. A file that none of them fits was named by somebody else, and is meant as a whole.
 */
export function placesIn(path, filters) {
  const parts = filters.map((each) => /^(.*?)(:\d+(?::\d+)?)?$/s.exec(each)).filter(([, pattern]) => regexOf(pattern).test(path));
  const places = parts.map(([, , place]) => place ?? '');
  return places.length === 0 || places.includes('') ? [''] : [...new Set(places)];
}

/** As Playwright reads a pattern. */
function regexOf(pattern) {
  const [, source, flags] = /^\/(.*)\/([gi]*)$/s.exec(pattern) ?? [null, pattern, 'gi'];
  return new RegExp(source, flags);
}

export function escaped(path) {
  return path.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

/** Playwright in a directory. */
export class Playwright {
  constructor(directory, nodeOptions = []) {
    const { root, version } = installed('@playwright/test', 'Playwright', directory);
    const [major, minor] = version.split('.').map(Number);
    if (major < 1 || (major === 1 && minor < 40)) {
      throw new Error(`The project has Playwright ${version}; 1.40 or later is needed. For this one set `
        + '"runners": {"command": ["npx", "playwright", "test", "{regex}"]}.');
    }
    this.directory = directory;
    this.command = [...nodeOptions, join(root, 'cli.js'), 'test'];
    this.scratch = mkdtempSync(join(tmpdir(), 'distributed-test-playwright-'));
    this.count = 0;
  }

  /**
   * Runs `playwright test`.
   *
   * @param args its arguments besides the reporter
   * @param file the test file of interest, as an absolute path
   * @param heard takes what the reporter tells, as it comes
   * @param quiet whether nothing is printed, and what would be is answered
   * @returns { code, signal, said }
   */
  async run(args, file, heard, quiet = false) {
    const report = join(this.scratch, `report-${++this.count}`);
    writeFileSync(report, '');
    const lines = new Lines(report, heard);
    const child = spawn(process.execPath, [...this.command, ...args, `--reporter=${REPORTER}`], {
      cwd: this.directory,
      env: { ...process.env, DISTRIBUTED_TEST_PLAYWRIGHT: JSON.stringify({ report, file }) },
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    });
    let said = '';
    const hear = (chunk) => {
      said = (said + chunk).slice(-16384);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    const timer = setInterval(() => lines.read(), POLL);
    try {
      const [code, signal] = await new Promise((ended, failed) => {
        child.once('error', failed);
        child.once(quiet ? 'close' : 'exit', (...how) => ended(how));
      });
      lines.read();
      return { code, signal, said };
    } finally {
      clearInterval(timer);
      rmSync(report, { force: true });
    }
  }

  /** What the configuration says, without any test file being loaded. */
  async settings(options) {
    let config = null;
    let reporters = [];
    const errors = [];
    const { said } = await this.run([...options, '--list', '--pass-with-no-tests', '/^$/g'], null, (event) => {
      config = event.config ?? config;
      reporters = event.reporters ?? reporters;
      if (event.error) {
        errors.push(event.error);
      }
    }, true);
    if (!config || errors.length > 0) {
      throw new Error(`Playwright does not start in ${this.directory}: ${[...errors, said.trim()].filter(Boolean).join('\n')}`);
    }
    return { ...config, reporters };
  }

  close() {
    rmSync(this.scratch, { recursive: true, force: true });
  }
}

/** Lines of JSON that another process appends to a file. */
class Lines {
  constructor(path, heard) {
    this.path = path;
    this.heard = heard;
    this.position = 0;
    this.rest = Buffer.alloc(0);
  }

  read() {
    const file = openSync(this.path, 'r');
    try {
      const buffer = Buffer.alloc(65536);
      for (let n = readSync(file, buffer, 0, buffer.length, this.position); n > 0;) {
        this.position += n;
        this.take(buffer.subarray(0, n));
        n = readSync(file, buffer, 0, buffer.length, this.position);
      }
    } finally {
      closeSync(file);
    }
  }

  take(bytes) {
    let text = Buffer.concat([this.rest, bytes]);
    for (let end = text.indexOf(10); end >= 0; end = text.indexOf(10)) {
      const line = text.subarray(0, end).toString();
      text = text.subarray(end + 1);
      this.heard(JSON.parse(line));
    }
    this.rest = Buffer.from(text);
  }
}

/** Servers that a run starts by itself: by what other runs on this host would be in their way. */
export function serversOf({ servers }) {
  return servers.map(({ command, url, port, reuse }) => {
    const place = url ? new URL(url) : null;
    const number = Number(port ?? (place?.port || (place?.protocol === 'https:' ? 443 : place ? 80 : 0)));
    const host = place ? place.hostname.replace(/^\[|\]$/g, '') : 'localhost';
    return { name: number ? `port-${number}` : `command-${command}`, host, port: number, reuse };
  });
}

/**
 * What people have to know about how such a project is run; empty if it is nothing.
 *
 * @param config what the configuration says
 * @param args the parted arguments of the command; reporters among them take the place of the configuration's
 */
export function notesOf(config, { reporters, asks }) {
  const own = (reporters.length > 0 ? reporters : config.reporters).filter((each) => /^[./]/.test(each) && !each.includes('/node_modules/'));
  const notes = own.length > 0 ? [`not judged: what reporters of the project make of the results (${own.join(', ')})`] : [];
  if (asks('-x', '--max-failures')) {
    notes.push('-x and --max-failures are switched off: every test is run.');
  } else if (config.maxFailures > 0) {
    notes.push(`maxFailures ends a file after ${config.maxFailures} of its tests have failed; the other files run.`);
  }
  const servers = serversOf(config);
  const started = servers.filter(({ reuse }) => !reuse).map(({ name }) => name.replace(/^(port|command)-/, '$1 '));
  if (servers.length > 0) {
    notes.push(
      started.length > 0
        ? `Playwright starts a web server for each file (webServer: ${started.join(', ')}), and a host has room for one: each`
          + ' listener host runs one such file at a time. For speed let tests use a server that runs (reuseExistingServer;'
          + ' docs/javascript.md).'
        : 'Playwright uses the web server that runs on a listener host (reuseExistingServer); where none runs, it starts one for'
          + ' each file, and the host runs one such file at a time (docs/javascript.md).',
    );
  }
  if (config.globalSetup || config.needs.length > 0) {
    const what = [config.globalSetup ? 'globalSetup and globalTeardown' : '', config.needs.join(', ')].filter(Boolean).join(', ');
    notes.push(`Playwright runs ${what} with each file, which is a run of its own.`);
  }
  return notes;
}
