// A reporter for `playwright test --reporter=FILE`: a line of JSON for each test, named as the playwright runner names it.
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const { DISTRIBUTED_TEST_REPORT: report } = process.env;
const STATUS = { expected: 'passed', flaky: 'passed', unexpected: 'failed' };

export default class LinesReporter {
  errors = [];

  onBegin(config, suite) {
    this.suite = suite;
  }

  onError(error) {
    this.errors.push(error);
  }

  onEnd() {
    const lines = (this.suite?.suites ?? []).flatMap((project) => project.suites.flatMap((file) => this.linesOf(project, file)));
    // Nothing runs when a file does not load.
    for (const { message, location } of this.errors.filter((each) => each.location)) {
      const file = relative(process.cwd(), location.file);
      lines.push({ file, group: file, name: '(file)', status: 'failed', message });
    }
    writeFileSync(report, lines.map((each) => JSON.stringify(each) + '\n').join(''));
  }

  linesOf(project, suite) {
    const { location } = suite;
    const several = this.suite.suites.filter((each) => each.suites.some((one) => one.location.file === location.file)).length > 1;
    const file = relative(process.cwd(), location.file);
    return suite.allTests().map((test) => ({
      file,
      group: [several ? project.title : '', ...groups(test)].filter((each) => each !== '').join(' > ') || file,
      name: test.title,
      status: STATUS[test.outcome()] ?? 'skipped',
      message: stripVTControlCharacters((test.results.at(-1)?.errors ?? []).map(({ message }) => message).join('\n\n')),
    }));
  }
}

function groups(test) {
  const path = [];
  for (let at = test.parent; at && at.type === 'describe'; at = at.parent) {
    path.unshift(at.title);
  }
  return path;
}
