package io.jenkins.plugins.distributedtest.session;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.build.BuildKind;
import io.jenkins.plugins.distributedtest.build.BuildTests;
import io.jenkins.plugins.distributedtest.callback.Callbacks;
import io.jenkins.plugins.distributedtest.config.ConfigException;
import io.jenkins.plugins.distributedtest.config.Configuration;
import io.jenkins.plugins.distributedtest.config.RunConfiguration;
import io.jenkins.plugins.distributedtest.originator.RunRequest;
import io.jenkins.plugins.distributedtest.originator.RunSettings;
import io.jenkins.plugins.distributedtest.runner.CommandTemplate;
import io.jenkins.plugins.distributedtest.runner.CoverageLimits;
import io.jenkins.plugins.distributedtest.runner.GoPackages;
import io.jenkins.plugins.distributedtest.runner.OwnReporters;
import io.jenkins.plugins.distributedtest.runner.RunnerException;
import io.jenkins.plugins.distributedtest.runner.SuiteRunners;
import io.jenkins.plugins.distributedtest.suite.EmptySuiteException;
import io.jenkins.plugins.distributedtest.suite.FileSizes;
import io.jenkins.plugins.distributedtest.suite.Quarantine;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.RuntimeHistory;
import io.jenkins.plugins.distributedtest.suite.SubProject;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.suite.TestSuite;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A project that is to be run: the preparation that the command line, the Jenkins step and a Zuul job share.
 *
 * <p>The story: somebody lays its own options over the {@link Configuration}; {@link #read} takes settings and suite out
 * of it, on the machine where the project is, and refuses a suite that no listener could run; {@link #plan} runs the
 * callback {@code before_originate}, which may choose the cluster, and puts the files in order. What comes of the run
 * is told by {@link RunNarrator} and written by {@link RunOutputs}. In Jenkins the two halves are on two machines, with
 * this record in between.
 *
 * @param settings how the files are run, with the runners that they need
 * @param files the suite in its own order; empty if there is nothing to do
 * @param warnings for people, a line each, in the order of their discovery
 */
public record ProjectRun(RunSettings settings, List<TestFile> files, List<String> warnings) {
    private static final BuildTests NO_BUILD = ToolTests.NOTHING;

    /** Copies the lists. */
    public ProjectRun {
        Objects.requireNonNull(settings, "settings");
        files = List.copyOf(files);
        warnings = List.copyOf(warnings);
    }

    /**
     * Reads a project.
     *
     * @param configuration everything that is configured, options included
     * @param run a run's part of it
     * @param choice which files
     * @throws ConfigException if nothing says which files
     * @throws SuiteException if there is no suite
     * @throws RunnerException if files have no runner; the message names them and the way out
     * @throws IOException if the file system fails
     */
    public static ProjectRun read(Configuration configuration, RunConfiguration run, SuiteChoice choice)
            throws ConfigException, SuiteException, RunnerException, IOException {
        return read(configuration, run, choice, null);
    }

    /**
     * Reads a project whose build tool may have to stay alone.
     *
     * @param refusal what refuses to run the project's build or test tool, for the message when one would have to be
     *     asked; null if nothing does. The others as above
     */
    public static ProjectRun read(Configuration configuration, RunConfiguration run, SuiteChoice choice, String refusal)
            throws ConfigException, SuiteException, RunnerException, IOException {
        RunSettings settings = run.quarantine() == null
                ? run.settings()
                : run.settings().withQuarantine(Quarantine.read(run.quarantine()));
        Chosen chosen = chosen(configuration, run, choice, refusal);
        TestSuite suite = chosen.suite();
        List<String> warnings = new ArrayList<>(configuration.warnings());
        warnings.addAll(suite.warnings());
        warnings.addAll(chosen.build().warnings());
        warnings.addAll(notSynced(settings.notSynced(suite.files())));
        warnings.addAll(QuarantineText.unmatched(settings.quarantine(), suite.files()));
        if (chosen.passesWithoutTests()) {
            settings = settings.withNoTestsAllowed();
        }
        if (suite.files().isEmpty()) {
            return new ProjectRun(settings, suite.files(), warnings);
        }
        RunnerSettings runners = SuiteRunners.settle(
                run.directory(), settings.runners(), chosen.build().projects(), suite.files());
        warnings.addAll(CommandTemplate.warnings(runners, suite.files()));
        warnings.addAll(CoverageLimits.unjudged(run.directory(), runners));
        warnings.addAll(OwnReporters.unjudged(run.directory(), runners));
        return new ProjectRun(settings.withRunners(runners), suite.files(), warnings);
    }

    private static List<String> notSynced(List<TestFile> files) {
        if (files.isEmpty()) {
            return List.of();
        }
        return List.of("job.sync.exclude keeps " + files.size() + (files.size() == 1 ? " file" : " files")
                + " of the suite from listeners, where " + (files.size() == 1 ? "it fails" : "they fail") + ": "
                + files.get(0).path() + (files.size() == 1 ? "" : " and others")
                + ". Leave them out of the suite as well (\"exclude\"), or let them travel");
    }

    /** The same with more variables for tests and callbacks; those that the project has stay as they are. */
    public ProjectRun withVariables(Map<String, String> more) {
        return new ProjectRun(settings.withVariables(more), files, warnings);
    }

    /** The same with sealed variables, see {@link RunSettings#sealed}. */
    public ProjectRun withSealed(String variables) {
        return new ProjectRun(settings.withSealed(variables), files, warnings);
    }

    /** The same with more tests in quarantine, and a warning where they are of no file of it. */
    public ProjectRun withQuarantine(Quarantine more) {
        List<String> all = new ArrayList<>(warnings);
        all.addAll(QuarantineText.unmatched(more, files));
        return new ProjectRun(settings.withQuarantine(more), files, all);
    }

    /**
     * A suite, and what the build or tool that it is of has told.
     *
     * @param passesWithoutTests whether the tool's own command passes where no test is run, and nothing else is configured
     */
    private record Chosen(TestSuite suite, BuildTests build, boolean passesWithoutTests) {
        Chosen(TestSuite suite, BuildTests build) {
            this(suite, build, false);
        }

        /** What a tool has told, without what the run excludes. */
        static Chosen of(ToolTests.Asked told, RunConfiguration run, boolean isConfigured) throws SuiteException {
            BuildTests tests = told.tests();
            String none = told.tool() + " finds no tests in " + run.directory();
            boolean passes = told.passesWithoutTests() && !isConfigured;
            if (passes && tests.files().isEmpty()) {
                List<String> warnings = new ArrayList<>(tests.warnings());
                warnings.add(none + ", and passes so, as the project has it");
                return new Chosen(
                        new TestSuite(List.of(), List.of()), new BuildTests(List.of(), List.of(), warnings), true);
            }
            Chosen chosen = of(tests, run, none);
            return new Chosen(chosen.suite(), chosen.build(), passes);
        }

        /** Leaves out what the run excludes. */
        static Chosen of(BuildTests build, RunConfiguration run, String none) throws SuiteException {
            List<TestFile> files = TestSuite.without(build.files(), run.exclude());
            if (files.isEmpty()) {
                String told = String.join(". ", build.warnings());
                throw new EmptySuiteException(none + (told.isEmpty() ? "" : ". " + told), List.of());
            }
            return new Chosen(
                    new TestSuite(files, TestSuite.excludingNothing(run.directory(), build.files(), run.exclude())),
                    build);
        }
    }

    /** Where nothing says which files, they are those that a build or the test tool of the project has itself. */
    private static Chosen chosen(Configuration configuration, RunConfiguration run, SuiteChoice choice, String refusal)
            throws ConfigException, SuiteException, IOException {
        BuildKind kind = kindOf(run);
        try {
            RunnerSettings runners = run.settings().runners();
            TestSuite suite = GoPackages.of(run.directory(), runners, choice.find(run, configuration.files()));
            if (kind != null && suite.files().stream().anyMatch(ToolTests.mayBeOf("junit", runners))) {
                return new Chosen(suite, ask(kind, run, refusal));
            }
            return new Chosen(suite, kind != null ? NO_BUILD : new ToolTests(run, refusal).ofNamed(suite.files()));
        } catch (NoFilesException e) {
            if (kind == null) {
                ToolTests.Asked told = new ToolTests(run, refusal).ask(e);
                return Chosen.of(told, run, configuration.isSet("fail_if_no_tests"));
            }
            return Chosen.of(
                    besides(kind, run, ask(kind, run, refusal)),
                    run,
                    "The " + kind.label() + " build in " + run.directory() + " has no tests");
        }
    }

    /** With a word on what the build does not run. */
    private static BuildTests besides(BuildKind kind, RunConfiguration run, BuildTests build) throws IOException {
        List<String> warnings = new ArrayList<>(build.warnings());
        new ToolTests(run, null).beside(kind.label()).ifPresent(warnings::add);
        return new BuildTests(build.projects(), build.files(), warnings);
    }

    /** The build that says how JUnit files are run: the directory's, unless something is set in its place; else null. */
    private static BuildKind kindOf(RunConfiguration run) {
        RunnerSettings runners = run.settings().runners();
        boolean isSet =
                !runners.classPath().isEmpty() || !runners.classPathCommand().isEmpty() || runners.projects() != null;
        return isSet
                ? null
                : BuildKind.of(run.directory(), runners.interpreters()).orElse(null);
    }

    private static BuildTests ask(BuildKind kind, RunConfiguration run, String refusal)
            throws SuiteException, IOException {
        new ToolTests(run, refusal).checkMayAsk(kind.label());
        return kind.resolve(
                run.directory(),
                run.settings().runners().interpreters(),
                run.settings().environment());
    }

    /** The same in a cluster, unless it says one itself; null for no cluster. */
    public ProjectRun inClusterUnlessSaid(String cluster) {
        return settings.cluster() != null || cluster == null
                ? this
                : new ProjectRun(settings.withCluster(cluster), files, warnings);
    }

    /** Runs callbacks where the project is. */
    @FunctionalInterface
    public interface CallbackRunner<E extends Exception> {
        /**
         * Runs a callback, and waits for its end.
         *
         * @param name one of {@link Callbacks#NAMES}
         * @return the text that it returned; null if it returned none
         * @throws E if it fails
         * @throws InterruptedException if this thread is interrupted
         */
        String run(String name) throws E, InterruptedException;
    }

    /**
     * Plans the run: runs {@code before_originate}, if the project has callbacks, and orders the suite.
     *
     * @param broker the broker
     * @param history recorded runtimes
     * @param callbacks runs the callback
     * @throws E if the callback fails
     * @throws InterruptedException if this thread is interrupted meanwhile
     * @throws IllegalStateException if there are no files
     */
    public <E extends Exception> RunPlan plan(BrokerAddress broker, RuntimeHistory history, CallbackRunner<E> callbacks)
            throws E, InterruptedException {
        return plan(broker, history, callbacks, FileSizes.UNKNOWN);
    }

    /**
     * The same where the files are at hand.
     *
     * @param sizes how large the files are, by which new ones are judged
     */
    public <E extends Exception> RunPlan plan(
            BrokerAddress broker, RuntimeHistory history, CallbackRunner<E> callbacks, FileSizes sizes)
            throws E, InterruptedException {
        if (files.isEmpty()) {
            throw new IllegalStateException("There is nothing to run");
        }
        String chosen = settings.callbacks().isEmpty() ? null : callbacks.run(Callbacks.BEFORE_ORIGINATE);
        RunSettings chosenSettings =
                chosen == null || chosen.isBlank() ? settings : settings.withCluster(chosen.strip());
        List<TestFile> ordered = ordered(history, sizes);
        return new RunPlan(broker, new RunRequest(chosenSettings, ordered, history.expected(ordered)), history);
    }

    /**
     * The suite in the order in which a run hands its files out.
     *
     * @param history recorded runtimes
     * @param sizes how large the files are
     */
    public List<TestFile> ordered(RuntimeHistory history, FileSizes sizes) {
        return byProject(history.order(files, sizes));
    }

    /**
     * Files of one project after one another, so that workers change their project as little as possible. The project with
     * the longest file comes first, so the last files are short ones still.
     */
    private List<TestFile> byProject(List<TestFile> ordered) {
        Map<SubProject, List<TestFile>> byProject = new LinkedHashMap<>();
        ordered.forEach(file -> byProject
                .computeIfAbsent(settings.runners().projectOf(file), project -> new ArrayList<>())
                .add(file));
        return byProject.values().stream().flatMap(List::stream).toList();
    }
}
