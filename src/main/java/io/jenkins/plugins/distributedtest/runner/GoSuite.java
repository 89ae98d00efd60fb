package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The packages that {@code go test ./...} tests in a module, or in each module of a workspace ({@code go.work}), where
 * nothing else says which.
 */
public final class GoSuite {
    /** Flags that decide which packages and files there are. */
    private static final List<String> OF_BUILD = List.of(
            "tags",
            "mod",
            "modfile",
            "modcacherw",
            "overlay",
            "race",
            "msan",
            "asan",
            "compiler",
            "buildmode",
            "buildvcs");

    private static final List<String> WITHOUT_VALUE = List.of("race", "msan", "asan", "modcacherw");

    /** What our lines begin with, among what {@code go} may print besides. */
    private static final String OURS = "distributed-test:";

    private final Path directory;
    private final Path root;
    private final RunnerSettings settings;
    private final Map<String, String> environment;

    private GoSuite(Path directory, RunnerSettings settings, Map<String, String> environment) throws IOException {
        this.directory = directory;
        root = directory.toRealPath();
        this.settings = settings;
        this.environment = environment;
    }

    /** Whether a directory is a module or a workspace of Go. */
    public static boolean isIn(Path directory) {
        return Files.isRegularFile(directory.resolve("go.mod")) || isWorkspace(directory);
    }

    private static boolean isWorkspace(Path directory) {
        return Files.isRegularFile(directory.resolve("go.work"));
    }

    /**
     * Asks {@code go list}.
     *
     * @param directory the project's
     * @param settings how files are run; its flags that decide which packages there are count
     * @param environment variables of the run
     * @return the files that stand for the packages, see {@link GoPackages}, sorted
     * @throws SuiteException if {@code go} cannot be asked; the message tells what it said, and the way out
     * @throws IOException if the tree cannot be read
     */
    public static List<TestFile> find(Path directory, RunnerSettings settings, Map<String, String> environment)
            throws SuiteException, IOException {
        return new GoSuite(directory, settings, environment).find();
    }

    private List<TestFile> find() throws SuiteException, IOException {
        TreeSet<TestFile> files = new TreeSet<>();
        for (Path module : modules()) {
            List<String> arguments = new ArrayList<>(List.of("list", "-e", "-find", "-f", OURS + "{{.Dir}}"));
            arguments.addAll(ofBuild(settings.args().getOrDefault(RunnerKind.GO.label(), List.of())));
            arguments.add("./...");
            for (Path each : ask(module, arguments)) {
                TestFile unit = each.startsWith(root) ? GoPackages.unitIn(root, relative(each)) : null;
                if (unit != null) {
                    files.add(unit);
                }
            }
        }
        return List.copyOf(files);
    }

    private String relative(Path path) {
        return root.relativize(path).toString().replace('\\', '/');
    }

    /** Those of a workspace that lie in the tree; the others do not travel with it. */
    private List<Path> modules() throws SuiteException, IOException {
        if (!isWorkspace(directory)) {
            return List.of(root);
        }
        return ask(root, List.of("list", "-m", "-f", OURS + "{{.Dir}}")).stream()
                .filter(each -> each.startsWith(root))
                .toList();
    }

    private List<Path> ask(Path where, List<String> arguments) throws SuiteException, IOException {
        List<String> command =
                new ArrayList<>(Interpreters.of(settings, directory, directory, environment, RunnerKind.GO.language()));
        command.addAll(arguments);
        try {
            ToolQuestion.Printed printed = new ToolQuestion(RunnerKind.GO.label(), where, environment).run(command);
            if (!printed.result().ok()) {
                throw refused(
                        where, printed.result().ending() + ": " + printed.text().strip());
            }
            return printed.text()
                    .lines()
                    .filter(line -> line.startsWith(OURS))
                    .map(line -> Path.of(line.substring(OURS.length())))
                    .toList();
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).startsWith(ProcessSpec.CANNOT_START)) {
                throw refused(where, e.getMessage());
            }
            throw e;
        }
    }

    private static SuiteException refused(Path where, String why) {
        return new SuiteException("go does not tell which packages it has in " + where + " (" + why
                + ").\nMake that work here, or name the files (\"files\": [\"**/*_test.go\"]).");
    }

    /** The flags among some of {@code go test} that decide which packages and files there are. */
    static List<String> ofBuild(List<String> args) {
        List<String> kept = new ArrayList<>();
        for (int i = 0; i < args.size() && !GoCommand.isArgs(args.get(i)); i++) {
            String name = args.get(i).replaceFirst("^--?", "").replaceFirst("=.*", "");
            if (!args.get(i).startsWith("-") || !OF_BUILD.contains(name)) {
                continue;
            }
            kept.add(args.get(i));
            if (!args.get(i).contains("=") && !WITHOUT_VALUE.contains(name) && i + 1 < args.size()) {
                kept.add(args.get(++i));
            }
        }
        return kept;
    }
}
