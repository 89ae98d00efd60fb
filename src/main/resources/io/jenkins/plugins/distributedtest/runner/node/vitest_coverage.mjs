// What the files that ran in this process have covered, as the project's Vitest measured it: left in the directory of its
// coverage as a report of Vitest's own for `vitest --merge-reports`, by which Vitest itself reports and judges the whole of it
// (docs/coverage.md).
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Has Vitest measure, file by file, and keep what it measured.
 *
 * @param vitest the project's
 * @param reporters loads Vitest's reporters, of which one writes what can be merged
 * @returns leaves all that was measured, once the last file has ended
 */
export async function measured(vitest, reporters) {
  const { ReportersMap: { blob: Blob } } = await reporters();
  const { coverage } = vitest.config;
  const name = `distributed-test-${process.env.DISTRIBUTED_TEST_SLOT}-${process.pid}`;
  const target = join(coverage.reportsDirectory, `${name}.json`);
  const own = join(coverage.reportsDirectory, `.${name}`); // other processes measure at the same place
  coverage.reportsDirectory = own;
  await vitest.initCoverageProvider();
  const provider = vitest.coverageProvider;
  await provider.clean();
  const generate = provider.generateCoverage.bind(provider);
  // After each file Vitest would make its reports, judge them, and begin anew.
  Object.assign(provider, { clean: async () => {}, generateCoverage: async () => undefined, reportCoverage: async () => {} });
  return async () => {
    const covered = await generate({ allTestsRun: true });
    const blob = new Blob({ outputFile: target });
    blob.onInit(vitest);
    if (blob.onTestRunEnd) {
      blob.onCoverage(covered);
      await blob.onTestRunEnd(vitest.state.getTestModules(), []);
    } else {
      await blob.onFinished(vitest.state.getFiles(), [], covered); // Vitest 3
    }
    await rm(own, { recursive: true, force: true });
  };
}
