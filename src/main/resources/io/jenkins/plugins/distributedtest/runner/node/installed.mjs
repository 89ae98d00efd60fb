// Where a tool is installed that a project brings.
import { existsSync, readFileSync } from 'node:fs';
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
  const manifest = manifestOf(name, createRequire(join(directory, 'package.json')));
  if (!manifest) {
    throw new Error(
      `${title} is not installed in ${directory}: it is not in node_modules there or above. Install the project's packages `
        + 'first (npm ci), or let node_modules travel with the workspace.',
    );
  }
  return { manifest, root: dirname(manifest), ...JSON.parse(readFileSync(manifest, 'utf8')) };
}

function manifestOf(name, require) {
  try {
    return require.resolve(`${name}/package.json`);
  } catch (error) {
    // It is there, and does not give this file away: then its code, which it gives away, lies below.
    return error.code === 'ERR_PACKAGE_PATH_NOT_EXPORTED' ? above(require.resolve(name), name) : null;
  }
}

function above(file, name) {
  for (let at = dirname(file); at !== dirname(at); at = dirname(at)) {
    const manifest = join(at, 'package.json');
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === name) {
      return manifest;
    }
  }
  return null;
}
