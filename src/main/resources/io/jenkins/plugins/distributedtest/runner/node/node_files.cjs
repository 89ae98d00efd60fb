// Loaded into the process of `node --test`, or of a program that has Node's runner in itself: writes down the files that it
// starts processes for, and starts none. So the files are node's own choice, by the rules of the version that is there.
'use strict';

const { ChildProcess } = require('node:child_process');
const { existsSync, realpathSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const { DISTRIBUTED_TEST_ANSWER: answer, DISTRIBUTED_TEST_STARTER: starter } = process.env;

// A program that starts Node's runner within itself may start others, too: a file's process is told what it is.
const script = process.argv[1] ?? '';
const isStarter = starter !== undefined && existsSync(script) && realpathSync(script) === starter;
const isOfFile = ({ envPairs }) => !isStarter || envPairs?.some((each) => each.startsWith('NODE_TEST_CONTEXT='));

if (answer && (isStarter || process.execArgv.includes('--test'))) {
  const files = [];
  const { spawn } = ChildProcess.prototype;
  ChildProcess.prototype.spawn = function recorded(options) {
    if (!isOfFile(options)) {
      return spawn.call(this, options);
    }
    files.push(options.args.at(-1));
    // A program that is not there is no more than a failed test to node.
    return spawn.call(this, { ...options, file: join(__dirname, 'none', 'such') });
  };
  process.on('exit', () => writeFileSync(answer, JSON.stringify(files)));
}
