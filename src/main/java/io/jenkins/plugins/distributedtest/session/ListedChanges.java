package io.jenkins.plugins.distributedtest.session;

import io.jenkins.plugins.distributedtest.config.RunConfiguration;
import io.jenkins.plugins.distributedtest.runner.SuiteRunners;
import io.jenkins.plugins.distributedtest.suite.EmptySuiteException;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.suite.TestSuite;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The test files among those that somebody lists as changed, such as {@code git diff --name-only} does. Such a list also
 * names what was deleted, helpers and other files that are no tests, names with other letters in quotes (core.quotePath),
 * and paths from the top of the repository, of which the project may be a part. What is left out is said.
 */
public final class ListedChanges {
    private static final int NAMED = 20;

    private final RunConfiguration run;
    private final Path root;
    private final Set<TestFile> files = new LinkedHashSet<>();
    private final List<String> leftOut = new ArrayList<>();

    private ListedChanges(RunConfiguration run) {
        this.run = run;
        this.root = run.directory().toAbsolutePath().normalize();
    }

    /**
     * The suite of a list of changed files.
     *
     * @param lines a path a line, relative to the project or to the repository that it is in; empty lines and those that
     *     start with {@code #} count for nothing. Not closed
     * @return the suite; without files if no test file is among them. Its warnings say what was left out
     */
    public static SuiteChoice of(Reader lines) {
        return (run, configFiles) -> new ListedChanges(run).read(lines);
    }

    private TestSuite read(Reader lines) throws SuiteException, IOException {
        Set<TestFile> suite = configured();
        BufferedReader reader = new BufferedReader(lines);
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            String path = unquoted(line.stripTrailing());
            if (!path.isEmpty() && !path.startsWith("#")) {
                take(path, suite);
            }
        }
        List<String> warnings = new ArrayList<>(leftOut.subList(0, Math.min(NAMED, leftOut.size())));
        if (leftOut.size() > NAMED) {
            warnings.add("Left out " + (leftOut.size() - NAMED) + " further files of the list");
        }
        return new TestSuite(List.copyOf(files), warnings);
    }

    /** The suite that is configured; null if none is. */
    private Set<TestFile> configured() throws SuiteException, IOException {
        if (run.files().isEmpty()) {
            return null;
        }
        try {
            return Set.copyOf(TestSuite.find(root, run.files(), run.exclude()).files());
        } catch (EmptySuiteException e) {
            return Set.of();
        }
    }

    private void take(String path, Set<TestFile> suite) throws IOException {
        Path found = find(path);
        if (found == null) {
            leftOut.add("Left out " + harmless(path) + ": it is gone");
            return;
        }
        if (!found.startsWith(root)) {
            leftOut.add("Left out " + harmless(path) + ": it is outside of the project");
            return;
        }
        TestFile file;
        try {
            file = new TestFile(root.relativize(found).toString().replace('\\', '/'));
        } catch (IllegalArgumentException e) {
            leftOut.add("Left out " + harmless(path) + ": " + e.getMessage());
            return;
        }
        if (suite == null ? SuiteRunners.takes(run.settings().runners(), file) : suite.contains(file)) {
            files.add(file);
        } else {
            leftOut.add("Left out " + harmless(path) + ": it is no test file of the suite");
        }
    }

    /** Below the project, or below the repository that the project is in; null if it is in neither. */
    private Path find(String path) throws IOException {
        Path inProject = root.resolve(path).normalize();
        if (Files.isRegularFile(inProject)) {
            return inProject;
        }
        for (Path above = root.getParent(); above != null; above = above.getParent()) {
            if (Files.exists(above.resolve(".git"))) {
                Path inRepository = above.resolve(path).normalize();
                return Files.isRegularFile(inRepository) ? inRepository : null;
            }
        }
        return null;
    }

    /** What git puts into quotes: bytes of UTF-8 as three octal digits, and the usual escapes. */
    private static String unquoted(String line) {
        if (line.length() < 2 || !line.startsWith("\"") || !line.endsWith("\"")) {
            return line;
        }
        ByteArrayOutputStream plain = new ByteArrayOutputStream(line.length());
        for (int i = 1; i < line.length() - 1; i++) {
            char c = line.charAt(i);
            if (c != '\\') {
                plain.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            } else if (line.substring(i + 1).matches("[0-3][0-7]{2}.*")) {
                plain.write(Integer.parseInt(line.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                char escaped = line.charAt(++i);
                int at = "abtnvfr".indexOf(escaped);
                plain.write(at < 0 ? escaped : 7 + at);
            }
        }
        return plain.toString(StandardCharsets.UTF_8);
    }

    private static String harmless(String path) {
        return path.replaceAll("\\p{Cntrl}", "?");
    }
}
