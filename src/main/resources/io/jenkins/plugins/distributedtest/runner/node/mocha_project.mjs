// The project's own mocha, found as `npx mocha` finds it, and its own parts, by their names in each of its versions.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const OLDEST = [8, 2];

/** Finds the mocha of the project in a directory. */
export function mochaIn(directory) {
  let manifest;
  try {
    manifest = createRequire(join(directory, 'package.json')).resolve('mocha/package.json');
  } catch {
    throw new Error(
      `mocha is not installed in ${directory}: it is not in node_modules there or above. Install the project's packages `
        + 'first (npm ci), or let node_modules travel with the workspace.',
    );
  }
  const root = dirname(manifest);
  const { version, bin } = JSON.parse(readFileSync(manifest, 'utf8'));
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
