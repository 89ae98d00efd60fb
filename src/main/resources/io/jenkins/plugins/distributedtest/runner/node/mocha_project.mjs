// The project's own mocha, found as `npx mocha` finds it, and its own parts, by their names in each of its versions.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { installed } from './installed.mjs';

const OLDEST = [8, 2];

/** Finds the mocha of the project in a directory. */
export function mochaIn(directory) {
  const { manifest, root, version, bin } = installed('mocha', 'mocha', directory);
  const [major, minor] = version.split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    throw new Error(
      `The project has mocha ${version}; mocha ${OLDEST.join('.')} or later is needed. For this one set `
        + '"runners": {"command": ["npx", "mocha", "{file}"]}.',
    );
  }
  const require = createRequire(manifest);
  const path = (name) => [`${name}.cjs`, `${name}.js`].map((each) => join(root, each)).find((each) => existsSync(each));
  return {
    command: join(root, typeof bin === 'string' ? bin : bin.mocha),
    /** The script to which mocha's command hands over when Node needs options. */
    cli: join(root, 'lib/cli/cli.js'),
    /** One of mocha's own modules. */
    part: (name) => require(path(name)),
  };
}

/** What of mocha's options is not done here, or otherwise: sentences for people. */
export function notes({ bail, failZero, passOnFailingTestSuite, reporter }) {
  return [
    judge(reporter),
    bail ? 'bail ends a file at its first failure; the other files run.' : '',
    failZero ? 'failZero is asked of the whole suite: a file without tests passes, a run without any test fails.' : '',
    passOnFailingTestSuite ? 'passOnFailingTestSuite is left out: a run with failed tests fails.' : '',
  ].filter(Boolean);
}

/** A reporter of the project may decide on the result of a whole run, and is not asked here. */
function judge(reporter) {
  const isOwn = typeof reporter === 'string' && (reporter.startsWith('.') || reporter.includes('/') && existsSync(resolve(reporter)));
  return isOwn ? `not judged: what the reporter of the project makes of the results (${reporter})` : '';
}
