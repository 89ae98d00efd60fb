// Turns what Vitest tells of a file into cases, as a reporter of Vitest's.
import { stripVTControlCharacters } from 'node:util';
import { cut, say, shown } from './protocol.mjs';

/** The cases of one file. */
export class VitestCases {
  constructor(run, file, several) {
    this.run = run;
    this.file = file;
    this.several = several;
    this.told = new Map(); // id of a test: the outcome that was told
  }

  /** Tells of a test unless that was done. */
  ended(test) {
    const result = test.result();
    if (result.state === 'pending' || this.told.get(test.id) === result.state) {
      return;
    }
    this.told.set(test.id, result.state);
    say({
      case: {
        id: this.run,
        name: cut(test.name),
        class: cut(this.group(test) || this.file),
        seconds: (test.diagnostic()?.duration ?? 0) / 1000,
        line: test.location?.line ?? 0,
        ...outcome(test, result),
      },
    });
  }

  group(test) {
    const path = [];
    for (let at = test.parent; at && at.type === 'suite'; at = at.parent) {
      path.unshift(at.name);
    }
    if (this.several) {
      path.unshift(test.project.name);
    }
    return path.filter(Boolean).join(' > ');
  }

  /** What Vitest holds in the end, as far as it was not told of; answers with what is wrong besides the tests. */
  settle(module) {
    const wrong = errors(module, '');
    for (const test of module.children.allTests()) {
      if (test.result().state === 'pending') {
        wrong.push(`It has not ended: ${test.fullName}`);
      }
      this.ended(test);
    }
    for (const suite of module.children.allSuites()) {
      wrong.push(...errors(suite, `${suite.fullName}: `));
    }
    return wrong;
  }
}

function outcome(test, { state, errors: all, note }) {
  if (state === 'passed') {
    return { status: 'passed' };
  }
  if (state === 'skipped') {
    return { status: 'skipped', message: cut(note ?? ''), type: test.options?.mode === 'todo' ? 'todo' : 'skip' };
  }
  const [first] = all ?? [];
  const assertion = /^Assertion/.test(first?.name ?? '');
  return {
    status: assertion ? 'failed' : 'error',
    message: plain(first?.message ?? 'It failed, and Vitest does not say why.'),
    type: cut(first?.name ?? 'Error'),
    trace: (all ?? []).map(traceOf).join('\n\n'),
  };
}

function errors(entity, before) {
  return entity.errors().map((error) => before + traceOf(error));
}

/** An error as Vitest hands it on, as a text. */
export function traceOf(error) {
  const text = error?.stack || (error?.message ? `${error.name ?? 'Error'}: ${error.message}${placeOf(error)}` : shown(error));
  return plain([text, error?.diff, error?.cause ? `Caused by: ${shown(error.cause)}` : ''].filter(Boolean).join('\n\n'));
}

/** Errors of types have no stack, but a place. */
function placeOf({ stacks }) {
  const [place] = stacks ?? [];
  return place ? `\n    at ${place.file}:${place.line}:${place.column}` : '';
}

function plain(text) {
  return cut(stripVTControlCharacters(String(text)).trim());
}
