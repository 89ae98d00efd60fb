// A reporter for `vitest --reporter=FILE`: a line of JSON for each test, named as the vitest runner names it.
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';

const { DISTRIBUTED_TEST_FILES: wanted, DISTRIBUTED_TEST_REPORT: report } = process.env;
const STATUS = { passed: 'passed', failed: 'failed' };

export default class LinesReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const paths = modules.map(({ moduleId }) => moduleId);
    const several = (path) => paths.indexOf(path) !== paths.lastIndexOf(path);
    const lines = modules.flatMap((each) => linesOf(each, several(each.moduleId) ? each.project.name : '', unhandledErrors));
    const files = wanted ? JSON.parse(wanted) : null;
    // Vitest takes a file's path for the beginning of any.
    const own = lines.filter(({ file }) => !files || files.includes(file));
    writeFileSync(report, own.map((each) => JSON.stringify(each) + '\n').join(''));
  }
}

function linesOf(module, project, unhandledErrors) {
  const file = relative(process.cwd(), module.moduleId);
  const lines = [...module.children.allTests()].map((test) => {
    const { state, errors } = test.result();
    return {
      file,
      group: [project, ...groups(test)].filter((each) => each !== '').join(' > ') || file,
      name: test.name,
      status: STATUS[state] ?? 'skipped',
      message: (errors ?? []).map(({ message }) => message).join('\n\n'),
    };
  });
  const strays = unhandledErrors.filter((each) => each.VITEST_TEST_PATH === module.moduleId);
  const wrong = [...(module.ok() ? [] : errorsOf(module)), ...strays.map(({ message }) => message)];
  if ((!module.ok() || strays.length > 0) && lines.every(({ status }) => status !== 'failed')) {
    lines.push({ file, group: file, name: '(file)', status: 'failed', message: wrong.join('\n\n') });
  }
  return lines;
}

function errorsOf(module) {
  return [module, ...module.children.allSuites()].flatMap((each) => each.errors()).map(({ message }) => message);
}

function groups(test) {
  const path = [];
  for (let at = test.parent; at && at.type === 'suite'; at = at.parent) {
    path.unshift(at.name);
  }
  return path;
}
