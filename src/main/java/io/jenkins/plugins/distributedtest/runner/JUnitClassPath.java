package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.files.Glob;
import io.jenkins.plugins.distributedtest.files.GlobWalk;
import io.jenkins.plugins.distributedtest.process.BoundedText;
import io.jenkins.plugins.distributedtest.process.CommandResult;
import io.jenkins.plugins.distributedtest.process.Commands;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.SubProject;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The class path of the JVMs that run JUnit: the project's, found out once per job, and what the JUnit Platform needs
 * beside it.
 *
 * <p>An entry that is set is looked for in the project's directory and in the workspace; what lies in the project comes
 * first, so that of two modules with a class of one name each runs its own. Where nothing is set, a module has its own
 * outputs and the main ones of the other modules.
 */
final class JUnitClassPath {
    private static final Duration COMMAND_TIMEOUT = Duration.ofMinutes(10);

    /** Where Maven and Gradle put compiled classes and resources; used when nothing is set. */
    private static final List<String> USUAL = List.of(
            "target/test-classes",
            "target/classes",
            "target/lib/*.jar",
            "target/dependency/*.jar",
            "build/classes/*/test",
            "build/classes/*/main",
            "build/resources/test",
            "build/resources/main");

    /** What a module offers to others. */
    private static final List<String> USUAL_MAIN =
            List.of("target/classes", "build/classes/*/main", "build/resources/main");

    private static final String MODULE_PATH = "--module-path=";

    /** Said of a build whose own tool runs Jupiter's tests alone. */
    private static final String NO_VINTAGE = "-Ddistributedtest.vintage=no";

    private static final String AGENT = "io.jenkins.plugins.distributedtest.junitrunner.Main";

    private final RunnerSettings settings;
    private final RunnerEnvironment environment;
    private final Path workspace;
    private final ReentrantLock lock = new ReentrantLock();
    private List<Path> found;

    /**
     * @param settings the project's
     * @param environment the project's directory
     * @param workspace the workspace that the project is in
     */
    JUnitClassPath(RunnerSettings settings, RunnerEnvironment environment, Path workspace) {
        this.settings = settings;
        this.environment = environment;
        this.workspace = workspace;
    }

    /**
     * Options and main class of the JVM that runs JUnit.
     *
     * @param options its other options; what is on the module path in these is not on the class path, too
     */
    List<String> agentArguments(List<String> options) throws RunnerException, InterruptedException {
        Set<Path> modules = modulePath(options);
        List<String> entries = new ArrayList<>();
        entries.add(Bundled.file("junit/junit-runner.jar").toString());
        resolved(options).stream()
                .filter(entry -> !modules.contains(entry.normalize()))
                .forEach(entry -> entries.add(entry.toString()));
        List<String> arguments = new ArrayList<>(List.of("-cp", String.join(File.pathSeparator, entries)));
        if (Files.isRegularFile(environment.workspace().resolve("pom.xml"))) {
            arguments.add("-Dbasedir=" + environment.workspace()); // as Surefire has it
        }
        arguments.add(AGENT);
        return arguments;
    }

    private static Set<Path> modulePath(List<String> options) {
        Set<Path> modules = new HashSet<>();
        for (String option : options) {
            if (option.startsWith(MODULE_PATH)) {
                for (String each : option.substring(MODULE_PATH.length()).split(File.pathSeparator)) {
                    modules.add(Path.of(each).normalize());
                }
            }
        }
        return modules;
    }

    private List<Path> resolved(List<String> options) throws RunnerException, InterruptedException {
        lock.lockInterruptibly();
        try {
            if (found == null) {
                List<Path> project = project();
                JUnitJars jars = new JUnitJars(project);
                List<Path> all = new ArrayList<>(jars.replacing());
                all.addAll(project);
                all.addAll(jars.missing(!options.contains(NO_VINTAGE)));
                found = all;
            }
            return found;
        } finally {
            lock.unlock();
        }
    }

    private List<Path> project() throws RunnerException, InterruptedException {
        Set<Path> entries = new LinkedHashSet<>();
        boolean nothingSet =
                settings.classPath().isEmpty() && settings.classPathCommand().isEmpty();
        for (String entry : nothingSet ? USUAL : settings.classPath()) {
            Set<Path> matches = new LinkedHashSet<>(expand(environment.workspace(), entry));
            if (!nothingSet) {
                matches.addAll(expand(workspace, entry));
            }
            if (matches.isEmpty() && !nothingSet) {
                throw new RunnerException(
                        "Nothing matches the class path entry " + entry + " in " + environment.workspace()
                                + (environment.workspace().equals(workspace) ? "" : " or the workspace " + workspace)
                                + ". Is the project compiled before it is synced, or by after_sync?",
                        "",
                        false);
            }
            entries.addAll(matches);
        }
        if (!settings.classPathCommand().isEmpty()) {
            entries.addAll(printed());
        }
        if (entries.isEmpty()) {
            throw new RunnerException(
                    "There is no class path for junit: none of " + USUAL + " is in the workspace "
                            + environment.workspace() + ". Compile the project before it is synced, or set"
                            + " \"runners\": {\"class_path\": [...]} or \"class_path_command\".",
                    "",
                    false);
        }
        if (nothingSet && settings.projects() != null) {
            for (SubProject other : settings.projects()) {
                for (String entry : USUAL_MAIN) {
                    entries.addAll(expand(workspace.resolve(other.directory()), entry));
                }
            }
        }
        return ownFirst(entries);
    }

    /** In a module; in the workspace itself the order is the one that is set. */
    private List<Path> ownFirst(Collection<Path> entries) {
        Path own = environment.workspace();
        return own.equals(workspace)
                ? List.copyOf(entries)
                : entries.stream()
                        .sorted(Comparator.comparing(entry -> !entry.startsWith(own)))
                        .toList();
    }

    /** Entries that a command prints: its last line that is not empty and not a log line of Maven's. */
    private List<Path> printed() throws RunnerException, InterruptedException {
        CommandResult result;
        try {
            result = Commands.run(
                    ProcessSpec.of(settings.classPathCommand())
                            .directory(environment.workspace())
                            .environment(environment.environment())
                            .marker(environment.runId() + "/" + environment.listenerId() + "/class-path"),
                    COMMAND_TIMEOUT);
        } catch (IOException e) {
            throw new RunnerException("The class path command failed: " + e.getMessage(), "", false);
        }
        String line = result.stdout()
                .lines()
                .map(String::strip)
                .filter(l -> !l.isEmpty() && !l.startsWith("["))
                .reduce("", (first, second) -> second);
        if (!result.ok() || line.isEmpty()) {
            String why = result.ok() ? "it printed no class path" : result.ending();
            throw new RunnerException(
                    "The class path command " + settings.classPathCommand().get(0) + " failed: " + why + "\n"
                            + BoundedText.cut(result.output(), 4000),
                    result.output(),
                    false);
        }
        List<Path> entries = new ArrayList<>();
        for (String each : line.split(File.pathSeparator)) {
            try {
                entries.add(environment.workspace().resolve(each));
            } catch (InvalidPathException e) {
                throw new RunnerException(
                        "The class path command printed what is no path: " + BoundedText.cut(each, 200),
                        result.output(),
                        false);
            }
        }
        return entries;
    }

    /** The existing files that an entry stands for; globs are walked from their first part without a wildcard. */
    private static List<Path> expand(Path directory, String entry) throws RunnerException {
        int wildcard = firstWildcard(entry);
        try {
            if (wildcard < 0) {
                Path path = directory.resolve(entry);
                return Files.exists(path) ? List.of(path) : List.of();
            }
            String fixed = entry.substring(0, entry.lastIndexOf('/', wildcard) + 1);
            Path root = directory.resolve(fixed);
            if (!Files.isDirectory(root)) {
                return List.of();
            }
            String rest = entry.substring(fixed.length());
            GlobWalk walk = GlobWalk.ofEntries(root, List.of(Glob.parse(rest)));
            return walk.found().get(0).stream().map(root::resolve).toList();
        } catch (IOException | IllegalArgumentException e) {
            throw new RunnerException(
                    "The class path entry " + entry + " cannot be used: " + e.getMessage(), "", false);
        }
    }

    private static int firstWildcard(String entry) {
        for (int i = 0; i < entry.length(); i++) {
            if ("*?[{".indexOf(entry.charAt(i)) >= 0) {
                return i;
            }
        }
        return -1;
    }
}
