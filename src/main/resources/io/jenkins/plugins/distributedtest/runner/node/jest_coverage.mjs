// What the files that ran in this process have covered, as the project's Jest measured it: left in the directory of its
// coverage, for Jest itself to report and to judge where the whole of it is (docs/coverage.md).
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export class Coverage {
  /**
   * @param directory where Jest would write its reports
   * @param require loads what Jest's own reporter of coverage is made with
   */
  constructor(directory, require) {
    this.directory = directory;
    this.require = require;
    this.istanbul = null; // by its instrumented code, the coverage provider "babel"
    this.v8 = null; // by V8, the coverage provider "v8"
    this.transforms = {}; // path of a source: what V8 has run in its place
  }

  /** Takes what Jest measured in a test file, which it forgets next. */
  add({ coverage, v8Coverage }) {
    if (v8Coverage) {
      const { mergeProcessCovs } = this.require('@bcoe/v8-coverage');
      const more = { result: v8Coverage.map((each) => each.result) };
      this.v8 = mergeProcessCovs(this.v8 ? [this.v8, more] : [more]);
      v8Coverage.forEach(({ codeTransformResult: transform, result: { url } }) => this.remember(url, transform));
    } else if (coverage) {
      this.istanbul ??= this.require('istanbul-lib-coverage').createCoverageMap({});
      this.istanbul.merge(coverage);
    }
  }

  remember(url, transform) {
    if (!transform || this.transforms[url]) {
      return;
    }
    const { code, originalCode, wrapperLength, sourceMapPath } = transform; // up to Jest 29 a wrapper stands before the code
    // The map lies in a cache of this host.
    const sourceMap = sourceMapPath ? readFileSync(sourceMapPath, 'utf8') : null;
    this.transforms[url] = { code, originalCode, wrapperLength, sourceMap };
  }

  /** Leaves it beside that of other processes. */
  write() {
    if (!this.istanbul && !this.v8) {
      return;
    }
    const { istanbul, v8, transforms } = this;
    mkdirSync(this.directory, { recursive: true });
    const name = `distributed-test-${process.env.DISTRIBUTED_TEST_SLOT}-${process.pid}.json`;
    writeFileSync(join(this.directory, name), JSON.stringify({ root: process.cwd(), istanbul, v8, transforms }));
  }
}
