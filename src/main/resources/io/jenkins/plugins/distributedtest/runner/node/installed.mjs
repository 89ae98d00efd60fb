// Where a tool is installed that a project brings.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Finds a package of the project in a directory, as `npx` finds it.
 *
 * @param name the package
 * @param title its name, for people
 * @returns the path of its package.json, the directory that this is in, and what it says
 */
export function installed(name, title, directory) {
  let manifest;
  try {
    manifest = createRequire(join(directory, 'package.json')).resolve(`${name}/package.json`);
  } catch {
    throw new Error(
      `${title} is not installed in ${directory}: it is not in node_modules there or above. Install the project's packages `
        + 'first (npm ci), or let node_modules travel with the workspace.',
    );
  }
  return { manifest, root: dirname(manifest), ...JSON.parse(readFileSync(manifest, 'utf8')) };
}
