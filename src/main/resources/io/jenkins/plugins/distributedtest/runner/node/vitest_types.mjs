// Files whose types Vitest checks (`typecheck.enabled`): the compiler looks at a whole project at once, so all such files of
// a project of Vitest's are one run, as in Vitest's own command, and each file takes its part of what that has found.
export class TypeChecks {
  /** @param found takes what the compiler says of other files, which fails a run and no file: a list of errors */
  constructor(vitest, found) {
    this.vitest = vitest;
    this.found = found;
    this.runs = new Map(); // by Vitest's project
  }

  takes({ pool }) {
    return pool === 'typescript';
  }

  /** What Vitest's run of a file's project has told. */
  result({ project }) {
    if (!this.runs.has(project)) {
      this.runs.set(project, this.run(project));
    }
    return this.runs.get(project);
  }

  async run(project) {
    const all = await this.vitest.globTestSpecifications();
    const files = all.filter((each) => this.takes(each) && each.project === project);
    const { exitCode } = process;
    const { testModules, unhandledErrors } = await this.vitest.runTestSpecifications(files, false);
    if (unhandledErrors.length > 0 || testModules.some((each) => !each.ok())) {
      process.exitCode = exitCode; // Vitest has set it, for these
    }
    this.found(unhandledErrors);
    return { testModules, unhandledErrors: [] };
  }
}
