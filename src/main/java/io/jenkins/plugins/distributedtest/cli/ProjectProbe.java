package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.files.PlainFile;
import io.jenkins.plugins.distributedtest.runner.DjangoSuite;
import io.jenkins.plugins.distributedtest.runner.GoSuite;
import io.jenkins.plugins.distributedtest.runner.JavaScriptSuite;
import io.jenkins.plugins.distributedtest.runner.PytestSuite;
import io.jenkins.plugins.distributedtest.runner.RubySuite;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Looks at a project's files to tell its test frameworks. */
final class ProjectProbe {
    private static final int MAX_FILES = 50_000;
    private static final int READ = 64 << 10;
    private static final int SAMPLE = 40;
    private static final Set<String> SKIPPED = Set.of(
            "node_modules",
            "target",
            "build",
            "vendor",
            "venv",
            "__pycache__",
            "dist",
            "tmp",
            "log",
            "bower_components");

    private final Path directory;
    private final List<String> paths = new ArrayList<>();

    /**
     * Reads the names of a project's files, at most 50,000, leaving out what is built or installed.
     *
     * @param directory the project
     * @throws IOException if it cannot be read
     */
    ProjectProbe(Path directory) throws IOException {
        this.directory = directory;
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
                String name = String.valueOf(dir.getFileName());
                boolean skip = !dir.equals(directory) && (name.startsWith(".") || SKIPPED.contains(name));
                return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                paths.add(directory.relativize(file).toString().replace('\\', '/'));
                return paths.size() < MAX_FILES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
        paths.sort(null);
    }

    /** The tool of JavaScript that runs the tests of its package and can say which they are; null if there is none. */
    String javaScriptTool() {
        return JavaScriptSuite.in(directory).map(JavaScriptSuite::tool).orElse(null);
    }

    /** Whether a file is there, by its path in the project. */
    boolean has(String path) {
        return Files.isRegularFile(directory.resolve(path));
    }

    /** Whether a directory is there, by its path in the project. */
    boolean hasDirectory(String path) {
        return Files.isDirectory(directory.resolve(path));
    }

    /** Whether the project's own pytest can say which tests it has. */
    boolean isOfPytest() {
        return PytestSuite.isIn(directory);
    }

    /** Whether the project's own test command of Django's can say which tests it has. */
    boolean isOfDjango() {
        return DjangoSuite.isIn(directory);
    }

    /** The directories below it that have test commands of Django's. */
    List<String> djangoDirectories() {
        return matching(path -> path.endsWith("/manage.py")).stream()
                .map(path -> path.substring(0, path.lastIndexOf('/')))
                .filter(each -> DjangoSuite.isIn(directory.resolve(each)))
                .toList();
    }

    /** Whether Python's tests are pytest's: by its configuration, or by what some of them import. */
    boolean usesPytest(List<String> tests) {
        return has("pytest.ini")
                || has("conftest.py")
                || has("tests/conftest.py")
                || holds("pyproject.toml", "pytest")
                || holds("setup.cfg", "pytest")
                || holds("tox.ini", "pytest")
                || anyHolds(tests, "import pytest");
    }

    /** The commands of Ruby's frameworks that can say which files they have. */
    List<String> rubyCommands() {
        return RubySuite.commandsOf(directory);
    }

    /**
     * Asks rake, which loads the Rakefile.
     *
     * @param interpreters how languages are started
     * @return why it does not tell; null if it does
     */
    String whyRakeIsSilent(Map<String, List<String>> interpreters) throws IOException {
        RunnerSettings settings = RunnerSettings.startedBy(interpreters);
        try {
            new RubySuite(directory, settings, Map.of()).askRake();
            return null;
        } catch (SuiteException e) {
            return e.getMessage().lines().findFirst().orElse("");
        }
    }

    /** Whether it is a module or a workspace of Go. */
    boolean isOfGo() {
        return GoSuite.isIn(directory);
    }

    /** Whether a file is there and holds a text in its first 64 KiB. */
    boolean holds(String path, String text) {
        try (var in = PlainFile.open(directory.resolve(path))) {
            return new String(in.readNBytes(READ), java.nio.charset.StandardCharsets.UTF_8).contains(text);
        } catch (IOException e) {
            return false;
        }
    }

    /** The files whose path matches, sorted. */
    List<String> matching(Predicate<String> path) {
        return paths.stream().filter(path).toList();
    }

    /** Whether one of the first files holds a text. */
    boolean anyHolds(List<String> files, String text) {
        return files.stream().limit(SAMPLE).anyMatch(file -> holds(file, text));
    }
}
