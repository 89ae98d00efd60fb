package io.jenkins.plugins.distributedtest.session;

import io.jenkins.plugins.distributedtest.build.BuildTests;
import io.jenkins.plugins.distributedtest.config.ConfigException;
import io.jenkins.plugins.distributedtest.config.RunConfiguration;
import io.jenkins.plugins.distributedtest.runner.DjangoSuite;
import io.jenkins.plugins.distributedtest.runner.GoSuite;
import io.jenkins.plugins.distributedtest.runner.JavaScriptSuite;
import io.jenkins.plugins.distributedtest.runner.PytestSuite;
import io.jenkins.plugins.distributedtest.runner.RubySuite;
import io.jenkins.plugins.distributedtest.runner.SuiteRunners;
import io.jenkins.plugins.distributedtest.runner.ToolAnswer;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.SubProject;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a project's own test tool says of its suite: a tool of JavaScript, pytest, Django, RSpec, Rails, rake, Go.
 *
 * @param run what is configured
 * @param refusal what refuses to run the project's tool, for the message when it would have to be asked; null if nothing
 *     does
 */
record ToolTests(RunConfiguration run, String refusal) {
    /** What is known where no tool says anything. */
    static final BuildTests NOTHING = new BuildTests(List.of(), List.of(), List.of());

    /** How far below a build's directory other projects are looked for, and how many are named. */
    private static final int DEPTH = 3;

    private static final int MAX_NAMED = 5;
    private static final Set<String> NO_PROJECTS =
            Set.of("node_modules", "target", "build", "vendor", "testdata", "src", "test", "tests", "venv", "dist");

    private static final String GO = "go";
    private static final String PYTEST = "pytest";
    private static final String DJANGO = "django";

    /**
     * What a tool has told.
     *
     * @param tool its name
     * @param tests its tests
     * @param passesWithoutTests whether its own command passes when none is run
     */
    record Asked(String tool, BuildTests tests, boolean passesWithoutTests) {}

    /** What is known of files that somebody names in a project whose own tool says what its suite is. */
    BuildTests ofNamed(List<TestFile> named) throws IOException {
        RunnerSettings runners = runners();
        if (runners.projects() != null) {
            return NOTHING;
        }
        if (!run.files().isEmpty()) {
            return ofConfigured(named);
        }
        JavaScriptSuite script = script();
        if (script == null
                && RubySuite.isOfRails(directory())
                && named.stream().allMatch(file -> RubySuite.isRakes(runners, file))) {
            return new BuildTests(List.of(ruby().railsProject()), named, List.of());
        }
        if (script == null
                && RubySuite.isOfRake(directory())
                && named.stream().allMatch(file -> RubySuite.isRakes(runners, file))) {
            return startedByRake(named);
        }
        if (script == null && isOfPytest() && named.stream().allMatch(mayBeOf(PYTEST, runners))) {
            return new BuildTests(List.of(PytestSuite.project(directory(), runners)), named, List.of());
        }
        if (script == null
                && isOfDjango()
                && named.stream().allMatch(file -> file.path().endsWith(".py"))) {
            return new BuildTests(List.of(DjangoSuite.project(directory(), runners)), named, List.of());
        }
        return script != null && named.stream().allMatch(mayBeOf(script.tool(), runners))
                ? new BuildTests(script.project(runners, named).stream().toList(), named, List.of())
                : NOTHING;
    }

    /** Where all of the configured files are rake's, Ruby is started as it starts it, unless it is said how. */
    private BuildTests ofConfigured(List<TestFile> files) throws IOException {
        RunnerSettings runners = runners();
        boolean isRakes = !files.isEmpty()
                && !runners.interpreters().containsKey("ruby")
                && !RubySuite.isOfRails(directory())
                && RubySuite.isOfRake(directory())
                && files.stream().allMatch(file -> RubySuite.isRakes(runners, file));
        if (!isRakes) {
            return NOTHING;
        }
        try {
            checkMayAsk(RubySuite.RAKE);
            RubySuite.Told told = ruby().askRake();
            return told.answer().files().containsAll(files)
                    ? new BuildTests(List.of(told.project()), files, List.of())
                    : NOTHING;
        } catch (SuiteException e) {
            return notAsRake(
                    files,
                    e.getMessage() + " (\"runners\": {\"interpreters\": {\"ruby\": [...]}} says how it is started)");
        }
    }

    private static BuildTests notAsRake(List<TestFile> files, String why) {
        return new BuildTests(
                List.of(),
                files,
                List.of("Ruby is started with lib and test on its load path, and not as rake test has it: " + why));
    }

    /** Files that rake's task of tests starts Ruby for, as it does. */
    private BuildTests startedByRake(List<TestFile> named) throws IOException {
        try {
            checkMayAsk(RubySuite.RAKE);
            return new BuildTests(List.of(ruby().askRake().project()), named, List.of());
        } catch (SuiteException e) {
            return notAsRake(named, e.getMessage());
        }
    }

    /**
     * Asks the tool which tests there are.
     *
     * @param otherwise thrown where there is none
     * @throws SuiteException if there are two, or the one cannot be asked
     */
    Asked ask(NoFilesException otherwise) throws ConfigException, SuiteException, IOException {
        JavaScriptSuite script = script();
        List<String> tools = new ArrayList<>();
        if (script != null) {
            tools.add(script.tool());
        }
        if (isOfPytest()) {
            tools.add(PYTEST);
        }
        if (isOfDjango()) {
            tools.add(DJANGO);
        }
        if (runners().projects() == null) {
            tools.addAll(RubySuite.commandsOf(directory()));
        }
        if (GoSuite.isIn(directory())) {
            tools.add(GO);
        }
        if (tools.isEmpty()) {
            throw otherwise;
        }
        if (tools.size() > 1) {
            throw new SuiteException((tools.size() == 2 ? "Both " : "Each of ") + String.join(" and ", tools)
                    + (tools.size() == 2 ? " have" : " has") + " tests in " + directory() + ": name the files of "
                    + (tools.size() == 2 ? "both" : "all") + " (\"files\"; `distributed-test init` proposes them).");
        }
        String tool = tools.get(0);
        checkMayAsk(tool);
        return asked(tool, script);
    }

    /**
     * What the project's own build does not run, though it lies in its tree: the tests of other tools.
     *
     * @param build the build's name
     * @return a sentence for people; empty if there are none
     */
    Optional<String> beside(String build) throws IOException {
        List<String> found = new ArrayList<>();
        Files.walkFileTree(directory(), Set.of(), DEPTH, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
                String name = String.valueOf(dir.getFileName());
                if (!dir.equals(directory()) && (name.startsWith(".") || NO_PROJECTS.contains(name))) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                toolsOf(dir)
                        .forEach(each -> found.add(each + " in "
                                + (dir.equals(directory()) ? "." : directory().relativize(dir))));
                return found.size() < MAX_NAMED ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
        Collections.sort(found); // directories are listed in any order
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of("The tests of the " + build + " build are run, as it runs them. Not run are those of "
                        + String.join(", ", found) + ": name the files of all (\"files\"; `distributed-test init`"
                        + " proposes them), or start a run there (-C).");
    }

    /** Those that say by themselves that they have tests in a directory: a module of Go, a test script. */
    private static List<String> toolsOf(Path dir) {
        List<String> tools = new ArrayList<>();
        JavaScriptSuite.in(dir).filter(JavaScriptSuite::isOfTestScript).ifPresent(each -> tools.add(each.tool()));
        if (GoSuite.isIn(dir)) {
            tools.add(GO);
        }
        if (PytestSuite.isIn(dir)) {
            tools.add(PYTEST);
        }
        if (DjangoSuite.isIn(dir)) {
            tools.add(DJANGO);
        }
        tools.addAll(RubySuite.commandsOf(dir));
        return tools;
    }

    private Asked asked(String tool, JavaScriptSuite script) throws SuiteException, IOException {
        RunnerSettings runners = runners();
        Map<String, String> environment = run.settings().environment();
        if (tool.equals(GO)) {
            List<TestFile> packages = GoSuite.find(directory(), runners, environment);
            return new Asked(tool, new BuildTests(List.of(), packages, List.of()), false);
        }
        if (tool.equals(PYTEST)) {
            List<TestFile> files = PytestSuite.find(directory(), runners, environment);
            SubProject project = PytestSuite.project(directory(), runners);
            return new Asked(tool, new BuildTests(List.of(project), files, List.of()), false);
        }
        if (tool.equals(DJANGO)) {
            SubProject project = DjangoSuite.project(directory(), runners);
            return asked(tool, List.of(project), DjangoSuite.find(directory(), runners, environment));
        }
        if (tool.equals(RubySuite.RSPEC)) {
            return asked(tool, ruby().askRspec());
        }
        if (tool.equals(RubySuite.RAILS)) {
            return asked(tool, ruby().askRails());
        }
        if (tool.equals(RubySuite.RAKE)) {
            return asked(tool, ruby().askRake());
        }
        return asked(tool, script.project(runners).stream().toList(), script.ask(runners, environment));
    }

    private static Asked asked(String tool, RubySuite.Told told) {
        return asked(tool, List.of(told.project()), told.answer());
    }

    private static Asked asked(String tool, List<SubProject> projects, ToolAnswer answer) {
        return new Asked(tool, new BuildTests(projects, answer.files(), answer.notes()), answer.passesWithoutTests());
    }

    private RubySuite ruby() {
        return new RubySuite(directory(), runners(), run.settings().environment());
    }

    /** Fails if the project's tool must not be asked here. */
    void checkMayAsk(String tool) throws SuiteException {
        if (refusal != null) {
            throw new SuiteException(tool + " would have to be asked which tests there are in " + directory()
                    + ", which runs code of the project here, and " + refusal + " refuses that");
        }
    }

    /** Whether a file is a runner's, or of none: then its tool may know it, such as a class by another name. */
    static Predicate<TestFile> mayBeOf(String runner, RunnerSettings runners) {
        return file -> SuiteRunners.isRunBy(runner, runners, file) || !SuiteRunners.takes(runners, file);
    }

    private Path directory() {
        return run.directory();
    }

    private RunnerSettings runners() {
        return run.settings().runners();
    }

    private JavaScriptSuite script() {
        return JavaScriptSuite.in(directory()).orElse(null);
    }

    private boolean isOfDjango() {
        return runners().projects() == null && (DjangoSuite.isSet(runners()) || DjangoSuite.isIn(directory()));
    }

    private boolean isOfPytest() {
        return runners().projects() == null && PytestSuite.isIn(directory()) && !DjangoSuite.isSet(runners());
    }
}
