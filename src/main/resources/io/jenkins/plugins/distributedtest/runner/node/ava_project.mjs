// The project's own AVA, started by its own command, with what that would run handed to us.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installed } from './installed.mjs';

const OLDEST = 6;

/**
 * Starts AVA's command in the working directory. Where it would run its files, `take` is called in place of that, once, with
 * what AVA has made of options and configuration.
 *
 * @param args the command's options and patterns
 * @param take gets { api, filter, run, find }: AVA's own session; the patterns; what runs files by it, as AVA itself does; and
 *   what finds the files that AVA takes for tests, all or those of the patterns. The command ends with what it answers
 */
export async function underAva(args, take) {
  const { root, version, bin } = installed('ava', 'AVA', process.cwd());
  if (Number.parseInt(version, 10) < OLDEST) {
    throw new Error(
      `The project has AVA ${version}; AVA ${OLDEST} or later is needed. For this one set `
        + '"runners": {"command": ["npx", "ava", "{literal}"]}.',
    );
  }
  const part = (name) => import(pathToFileURL(join(root, 'lib', name)));
  const [{ default: Api }, globs] = [await part('api.js'), await part('globs.js')];
  const run = Api.prototype.run;
  Api.prototype.run = async function taken({ filter = [] } = {}) {
    const { options } = this;
    const find = async (patterns) => {
      const testFiles = await globs.findTests({ cwd: options.projectDir, ...options.globs });
      return patterns.length === 0 ? testFiles : globs.applyTestFileFilter({
        cwd: options.projectDir,
        filter: patterns.map(({ pattern }) => pattern),
        providers: options.providers,
        testFiles,
      });
    };
    return take({ api: this, filter, run: (files) => run.call(this, { files, filter }), find });
  };
  const command = join(root, typeof bin === 'string' ? bin : bin.ava);
  process.argv = [process.argv[0], command, ...args.filter((each) => !/^(--watch|-w)(=|$)/.test(each))];
  const cli = join(root, 'lib', 'cli.js');
  if (!existsSync(cli)) {
    throw new Error(`AVA ${version} is not built as the versions that are known here: it has no lib/cli.js.`);
  }
  await (await import(pathToFileURL(cli))).default();
}

/** What of AVA's options is not done here: sentences for people. */
export function notes({ failFast }) {
  return failFast ? ['failFast is switched off: every file is run, and every test of it.'] : [];
}
