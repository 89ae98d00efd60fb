package io.jenkins.plugins.distributedtest.compare;

import io.jenkins.plugins.distributedtest.runner.RunnerException;
import io.jenkins.plugins.distributedtest.runner.Runners;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.SubProject;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Runs a suite by the project's own commands and as we do, and compares.
 *
 * <p>The story: the suite is parted by runner and project; each part's own command runs in the project's directory, with
 * the files that it finds by itself. Then our run runs the suite. The cases of both are matched by their names; each
 * difference is looked into by an {@link Explainer}. The own commands come first, since a build tool's compiles what
 * ours needs.
 */
public final class Comparer {
    /** How long experiments may take, at least; they also may take thrice as long as both sides together. */
    private static final double EXPERIMENT_SECONDS = 300;

    private final Suite suite;
    private final OurRuns runs;
    private final Path scratch;
    private final Consumer<String> say;
    private final CaseFiles files;
    private final TreePaths paths;
    private final OwnRuns ownRuns;
    private final OwnCommands ownCommands;

    /**
     * What is compared.
     *
     * @param tree the tree, absolute
     * @param settings how files are run, settled for this suite
     * @param environment variables of the run
     * @param files the suite
     * @param chosen whether somebody has named these files: then the own commands get exactly these
     * @param command a command to run in place of the known ones, with its reports; null for the known ones
     * @param limit how long an own command may take
     */
    public record Suite(
            Path tree,
            RunnerSettings settings,
            Map<String, String> environment,
            List<TestFile> files,
            boolean chosen,
            Given command,
            Duration limit) {
        /** Copies the collections. */
        public Suite {
            environment = Map.copyOf(environment);
            files = List.copyOf(files);
        }
    }

    /**
     * A command that was given.
     *
     * @param words program and arguments
     * @param reports globs of its JUnit reports
     */
    public record Given(List<String> words, List<String> reports) {
        /** Copies the lists. */
        public Given {
            words = List.copyOf(words);
            reports = List.copyOf(reports);
        }
    }

    /** Files that one own command runs. */
    private record Part(String runner, SubProject project) {}

    /**
     * @param suite what is compared
     * @param runs how we run files
     * @param scratch an empty directory, whose owner removes it
     * @param say takes what is being done, a line at a time
     * @throws IOException if our reporters cannot be written there, or there is no place for copies of the tree
     */
    public Comparer(Suite suite, OurRuns runs, Path scratch, Consumer<String> say) throws IOException {
        this.suite = suite;
        this.runs = runs;
        this.scratch = scratch;
        this.say = say;
        files = new CaseFiles(suite.tree(), suite.files());
        paths = new TreePaths(suite.tree(), runs.copies());
        ownRuns = new OwnRuns(files, suite.limit(), scratch);
        Path reports = Files.createDirectory(scratch.resolve("reports"));
        ownCommands = new OwnCommands(
                suite.tree(), suite.settings(), suite.environment(), Reporters.unpack(scratch), reports);
    }

    /**
     * Runs both sides and compares them.
     *
     * @throws CompareException if the own command is not known or does not report
     * @throws RunnerException if a file has no runner
     * @throws InterruptedException if this thread is interrupted; no process of either side is left then
     * @throws Exception if one of the sides cannot be run; the message says why
     */
    public Comparison compare() throws Exception {
        Map<Part, List<TestFile>> parts = parts();
        List<OwnResult> commands = new ArrayList<>();
        for (OwnCommand command : commands(parts)) {
            say.accept("Own command: " + command.line().replace(scratch.toString(), "…")
                    + (command.project().isEmpty() ? "" : " in " + command.project()));
            OwnResult result = ownRuns.run(command);
            commands.add(result);
            if (result.failure() != null) {
                say.accept("It failed (exit code " + result.exitCode() + ") and told of no test:\n" + result.failure());
            }
        }
        say.accept("Our run: " + suite.files().size() + (suite.files().size() == 1 ? " file" : " files"));
        RunReport report = runs.run(suite.files(), OurRuns.Way.USUAL);
        OurCases cases = new OurCases(report, this::runnerOf);
        List<ComparedCase> ours = mine(cases.all());
        files.learn(ours);
        List<ComparedCase> own = new ArrayList<>();
        for (OwnResult each : commands) {
            told(each, suite.files()).filter(one -> isOf(each.command(), one)).forEach(own::add);
        }
        Matching matching = Matching.of(own, ours);
        return new Comparison(
                commands,
                own,
                ours,
                report.wallSeconds(),
                report.slots(),
                matching,
                explanations(matching, own, cases, Math.max(EXPERIMENT_SECONDS, 3 * seconds(commands, report))),
                verdict(commands, report));
    }

    /** Kills a command of the project's own that runs, at once. Any thread may call it. */
    public void kill() {
        ownRuns.kill();
    }

    private Map<Part, List<TestFile>> parts() throws RunnerException {
        Map<Part, List<TestFile>> parts = new LinkedHashMap<>();
        for (TestFile file : new TreeSet<>(suite.files())) {
            Part part = new Part(
                    Runners.runnerFor(suite.settings(), file), suite.settings().projectOf(file));
            parts.computeIfAbsent(part, p -> new ArrayList<>()).add(file);
        }
        return parts;
    }

    private Collection<OwnCommand> commands(Map<Part, List<TestFile>> parts) throws CompareException, IOException {
        if (suite.command() != null) {
            return List.of(new OwnCommand(
                    ComparedCase.ANY,
                    "",
                    suite.command().words(),
                    suite.tree(),
                    suite.environment(),
                    OwnCommand.Report.matching(suite.command().reports())));
        }
        // Projects of one build have one command.
        Set<OwnCommand> commands = new LinkedHashSet<>();
        for (Map.Entry<Part, List<TestFile>> part : parts.entrySet()) {
            Part key = part.getKey();
            commands.addAll(ownCommands.of(key.runner(), key.project(), part.getValue(), suite.chosen()));
        }
        return commands;
    }

    /** The cases of our run, by the one runner that there is where a command was given. */
    private List<ComparedCase> mine(List<ComparedCase> cases) {
        return cases.stream()
                .map(paths::plain)
                .map(each -> suite.command() == null ? each : each.by(ComparedCase.ANY))
                .toList();
    }

    /** The cases of a command, which runs some files. */
    private Stream<ComparedCase> told(OwnResult result, List<TestFile> some) {
        OwnCommand command = result.command();
        List<TestFile> its = some.stream()
                .filter(each -> runnerOf(each).equals(command.runner()))
                .filter(each -> suite.settings().projectOf(each).directory().equals(command.project()))
                .toList();
        return OwnVerdict.cases(result, its).stream().map(paths::plain).map(files::refined);
    }

    private String runnerOf(TestFile file) {
        try {
            return Runners.runnerFor(suite.settings(), file);
        } catch (RunnerException e) {
            throw new IllegalStateException(e); // the suite was settled
        }
    }

    /** A project's own command may also run files of projects inside it, which have commands of their own. */
    private boolean isOf(OwnCommand command, ComparedCase one) {
        return one.file() == null
                || command.runner().equals("junit")
                || command.runner().equals(ComparedCase.ANY)
                || suite.settings().projectOf(one.file()).directory().equals(command.project());
    }

    private Map<Difference, Explanation> explanations(
            Matching matching, List<ComparedCase> own, OurCases cases, double seconds) throws Exception {
        Explainer explainer = new Explainer(Set.copyOf(suite.files()), own, new Experiments(cases, seconds), say);
        Map<Difference, Explanation> explanations = new LinkedHashMap<>();
        for (Difference each : matching.differences()) {
            explanations.put(each, explainer.explain(each));
        }
        return explanations;
    }

    private static double seconds(List<OwnResult> commands, RunReport report) {
        return commands.stream().mapToDouble(OwnResult::seconds).sum() + report.wallSeconds();
    }

    private static String verdict(List<OwnResult> commands, RunReport report) {
        if (commands.stream().anyMatch(each -> each.wellByExitCode() == null)) {
            return null;
        }
        boolean own = commands.stream().allMatch(OwnResult::wellByExitCode);
        if (own == report.isGreen()) {
            return null;
        }
        List<String> codes =
                commands.stream().map(each -> String.valueOf(each.exitCode())).toList();
        return "its own command " + (own ? "succeeded" : "failed") + " (exit code " + String.join(", ", codes)
                + "), our run " + (report.isGreen() ? "passed" : "failed");
    }

    private final class Experiments implements Explainer.Laboratory {
        private final OurCases first;
        private final long end;

        Experiments(OurCases first, double seconds) {
            this.first = first;
            end = System.nanoTime() + (long) (seconds * 1e9);
        }

        @Override
        public boolean hasTime() {
            return System.nanoTime() - end < 0;
        }

        @Override
        public List<ComparedCase> ours(List<TestFile> some, OurRuns.Way way) throws Exception {
            return mine(new OurCases(runs.run(some, way), Comparer.this::runnerOf).all());
        }

        @Override
        public List<ComparedCase> own(TestFile file) throws Exception {
            if (suite.command() != null) {
                return null;
            }
            List<ComparedCase> cases = new ArrayList<>();
            SubProject project = suite.settings().projectOf(file);
            try {
                for (OwnCommand command : ownCommands.of(runnerOf(file), project, List.of(file), true)) {
                    told(ownRuns.run(command), List.of(file)).forEach(cases::add);
                }
                return cases;
            } catch (CompareException e) {
                return null; // alone it does not even load
            }
        }

        @Override
        public List<ComparedCase> first() {
            return mine(first.all());
        }

        @Override
        public List<TestFile> beside(TestFile file) {
            return first.beside(file);
        }

        @Override
        public List<TestFile> before(TestFile file) {
            String runner = runnerOf(file);
            SubProject project = suite.settings().projectOf(file);
            return first.before(file).stream()
                    .filter(each -> runnerOf(each).equals(runner))
                    .filter(each -> suite.settings().projectOf(each).equals(project))
                    .toList();
        }

        @Override
        public String project(TestFile file) {
            return suite.settings().projectOf(file).directory();
        }
    }
}
