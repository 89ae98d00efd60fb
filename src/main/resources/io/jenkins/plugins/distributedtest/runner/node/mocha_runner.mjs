// Runs files by the project's own mocha, one after the other in this process, as a worker of `mocha --parallel` does.
//
// mocha's own command is started here as it is, so that options, configuration files, what they require, root hooks and
// global fixtures are those of `mocha`. Where it would look for files and run them, its handler is ours: that waits to be
// told of files, and gives each to a Mocha of its own. Where Node needs options (mocha's command then starts a second
// Node), this script takes the place of mocha's in the second one.
//
// A process is shared only as long as that changes nothing: not after a file that brought root hooks of its own, which a
// module that is loaded once would not bring a second time; and a file that has no tests here is tried in a fresh one.
import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { mochaIn } from './mocha_project.mjs';

const SELF = fileURLToPath(import.meta.url);
const SECOND = 'DISTRIBUTED_TEST_MOCHA_OPTIONS_READ';
const HELD = ['DISTRIBUTED_TEST_PORT', 'DISTRIBUTED_TEST_TOKEN', 'DISTRIBUTED_TEST_RUNNER_CONFIG'];

const config = JSON.parse(process.env.DISTRIBUTED_TEST_RUNNER_CONFIG);
const isSecond = SECOND in process.env;
// What the configuration requires runs before there is a connection, and shall not see what opens it.
const held = Object.fromEntries(HELD.map((name) => [name, process.env[name]]));
[...HELD, SECOND].forEach((name) => delete process.env[name]);

const mocha = mochaIn(process.cwd());
mocha.part('lib/cli/run').handler = async (options) => {
  Object.assign(process.env, held);
  const { serve } = await import('./mocha_session.mjs');
  await serve(mocha, options);
};

if (isSecond) {
  const args = process.argv.slice(2);
  process.argv = [process.argv[0], mocha.command, ...args];
  const { main } = await import(pathToFileURL(mocha.cli));
  await main(args);
} else {
  process.argv = [process.argv[0], mocha.command, ...config.args.filter((each) => !/^(--watch|-w)(=|$)/.test(each))];
  const spawn = childProcess.spawn;
  childProcess.spawn = (command, args, options) => {
    if (!Array.isArray(args) || !args.includes(mocha.cli)) {
      return spawn(command, args, options);
    }
    const env = { ...process.env, ...held, [SECOND]: '1' };
    return spawn(command, args.map((each) => (each === mocha.cli ? SELF : each)), { ...options, env });
  };
  syncBuiltinESMExports();
  await import(pathToFileURL(mocha.command));
  childProcess.spawn = spawn;
  syncBuiltinESMExports();
}
