package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.config.ConfigException;
import io.jenkins.plugins.distributedtest.config.RunConfiguration;
import io.jenkins.plugins.distributedtest.session.GitChanges;
import io.jenkins.plugins.distributedtest.session.ListedChanges;
import io.jenkins.plugins.distributedtest.session.SuiteChoice;
import io.jenkins.plugins.distributedtest.suite.FailedFiles;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.suite.TestSuite;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which files a run is to run: the options, and what they mean together. */
final class Suites implements SuiteChoice {
    @Parameters(
            arity = "0..*",
            paramLabel = "FILE",
            description = "Run exactly these files, in place of the suite that is configured.")
    private List<String> named = new ArrayList<>();

    @Option(
            names = "--files",
            paramLabel = "GLOB",
            description = "Globs of the suite, in place of the configured ones.")
    private List<String> globs = new ArrayList<>();

    @Option(names = "--exclude", paramLabel = "GLOB", description = "Leave these out, besides those configured.")
    private List<String> exclude = new ArrayList<>();

    @Option(
            names = "--list",
            paramLabel = "FILE",
            description = "Run exactly the files listed in FILE, one a line; with -, the test files among those that"
                    + " standard input lists, such as git diff --name-only.")
    private String list;

    @Option(
            names = "--changed",
            arity = "0..1",
            fallbackValue = "HEAD",
            paramLabel = "REVISION",
            description = "Run the test files that have changed since this branch left REVISION (default: HEAD, so what"
                    + " is not committed), new ones included, as git says.")
    private String changed;

    @Option(names = "--failed", description = "Run what failed or did not finish the last time.")
    private boolean failed;

    @Override
    public TestSuite find(RunConfiguration run, List<String> configFiles)
            throws ConfigException, SuiteException, IOException {
        long ways = Stream.of(!named.isEmpty(), !globs.isEmpty(), list != null, changed != null, failed)
                .filter(Boolean::booleanValue)
                .count();
        if (ways > 1) {
            throw new ConfigException(
                    "FILE arguments, --files, --list, --changed and --failed each say which files to run:"
                            + " use one of them");
        }
        if (!named.isEmpty()) {
            return TestSuite.of(run.directory(), named);
        }
        if (list != null) {
            return list.equals("-")
                    ? ListedChanges.of(new InputStreamReader(System.in, StandardCharsets.UTF_8))
                            .find(run, configFiles)
                    : TestSuite.readList(run.directory(), Path.of(list));
        }
        if (changed != null) {
            return GitChanges.since(changed).find(run, configFiles);
        }
        if (failed) {
            return lastFailed(run);
        }
        return SuiteChoice.globs(globs, exclude, "say --files GLOB").find(run, configFiles);
    }

    /** Whether files were named in place of the suite that is configured. */
    boolean named() {
        return !named.isEmpty() || !globs.isEmpty() || list != null || changed != null || failed;
    }

    /** What it means that there is nothing to run. */
    String nothing(RunConfiguration run) {
        if (failed) {
            return "Nothing to rerun: " + run.failedFiles() + " names no file that is there.";
        }
        if (changed != null) {
            return "Nothing to run: no test file has changed since " + changed + ".";
        }
        return list == null
                ? "Nothing to run: there are no tests."
                : "Nothing to run: no test file is among those listed.";
    }

    private static TestSuite lastFailed(RunConfiguration run) throws SuiteException, IOException {
        List<TestFile> recorded = FailedFiles.read(run.failedFiles());
        List<String> gone = new ArrayList<>();
        List<String> there = new ArrayList<>();
        for (TestFile file : recorded) {
            (Files.isRegularFile(run.directory().resolve(file.path())) ? there : gone).add(file.path());
        }
        List<TestFile> files = there.isEmpty()
                ? List.of()
                : TestSuite.of(run.directory(), there).files();
        return new TestSuite(
                files,
                gone.stream()
                        .map(path -> "Failed the last time and is gone: " + path)
                        .toList());
    }
}
