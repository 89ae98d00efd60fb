// Loaded into the process of `node --test`: writes down the files that it starts processes for, and starts none. So the
// files are node's own choice, by the rules of the version that is there.
'use strict';

const { ChildProcess } = require('node:child_process');
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');

const { DISTRIBUTED_TEST_ANSWER: answer } = process.env;

if (process.execArgv.includes('--test') && answer) {
  const files = [];
  const { spawn } = ChildProcess.prototype;
  ChildProcess.prototype.spawn = function recorded(options) {
    files.push(options.args.at(-1));
    // A program that is not there is no more than a failed test to node.
    return spawn.call(this, { ...options, file: join(__dirname, 'none', 'such') });
  };
  process.on('exit', () => writeFileSync(answer, JSON.stringify(files)));
}
