package io.jenkins.plugins.distributedtest.suite;

import io.jenkins.plugins.distributedtest.files.Glob;
import io.jenkins.plugins.distributedtest.files.GlobWalk;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The files that a run is to run, found by globs or given as a list.
 *
 * <p>Globs are taken in their order, the matches of each sorted by path, and a file that several match stands where the
 * first put it. Order by recorded runtimes is {@link RuntimeHistory#order}'s.
 *
 * @param files the files, without duplicates; none only where there was nothing left to choose
 * @param warnings for people, a line each: globs that matched nothing while others did, links that lead outside the
 *     project, directories that cannot be read
 */
public record TestSuite(List<TestFile> files, List<String> warnings) {
    /** Copies the lists. */
    public TestSuite {
        files = List.copyOf(files);
        warnings = List.copyOf(warnings);
    }

    /**
     * Finds a suite by globs.
     *
     * @param project the project's directory, which the globs are relative to
     * @param include globs of what belongs to the suite; see {@link Glob}
     * @param exclude globs of what does not, though it matches
     * @return the suite
     * @throws EmptySuiteException if there is no file left
     * @throws SuiteException if a glob is malformed, the project is no directory, or a test file's name cannot be used
     * @throws IOException if the file system fails
     */
    public static TestSuite find(Path project, List<String> include, List<String> exclude)
            throws SuiteException, IOException {
        if (!Files.isDirectory(project)) {
            throw new SuiteException("The project's directory does not exist: " + project.toAbsolutePath());
        }
        List<Glob> globs = parse(include);
        List<Glob> excluded = parse(exclude);
        GlobWalk walk = walk(project, globs);
        List<String> warnings = new ArrayList<>(walk.warnings());
        List<String> unmatched = new ArrayList<>();
        Set<TestFile> files = new LinkedHashSet<>();
        for (int i = 0; i < globs.size(); i++) {
            if (walk.found().get(i).isEmpty()) {
                unmatched.add(include.get(i));
            }
            for (String path : walk.found().get(i)) {
                if (isMatchedByNone(excluded, path)) {
                    files.add(testFile(path));
                }
            }
        }
        if (files.isEmpty()) {
            throw empty(project, include, exclude, unmatched, warnings);
        }
        unmatched.forEach(glob -> warnings.add("Matched no file: " + glob + hint(project, glob)));
        warnings.addAll(excludingNothing(project, exclude, excluded, walk.found()));
        return new TestSuite(List.copyOf(files), warnings);
    }

    /**
     * Files that no glob matches.
     *
     * @param files the files
     * @param exclude globs of what is left out
     * @throws SuiteException if a glob is malformed
     */
    public static List<TestFile> without(List<TestFile> files, List<String> exclude) throws SuiteException {
        List<Glob> excluded = parse(exclude);
        return files.stream()
                .filter(file -> isMatchedByNone(excluded, file.path()))
                .toList();
    }

    /**
     * Warnings of exclusions that leave out none of some files.
     *
     * @param project the project's directory
     * @param files all there are
     * @param exclude the globs of what is left out
     * @throws SuiteException if a glob is malformed
     */
    public static List<String> excludingNothing(Path project, List<TestFile> files, List<String> exclude)
            throws SuiteException {
        return excludingNothing(
                project,
                exclude,
                parse(exclude),
                List.of(files.stream().map(TestFile::path).toList()));
    }

    /** An exclusion that leaves nothing out is seldom meant: a directory's name alone, for one. */
    private static List<String> excludingNothing(
            Path project, List<String> exclude, List<Glob> excluded, List<? extends Collection<String>> found) {
        List<String> warnings = new ArrayList<>();
        for (int i = 0; i < excluded.size(); i++) {
            Glob glob = excluded.get(i);
            if (found.stream().flatMap(Collection::stream).noneMatch(glob::matches)) {
                String text = exclude.get(i).replaceFirst("/+$", "");
                warnings.add("Excluded no file: " + exclude.get(i)
                        + (new File(project.toFile(), text).isDirectory()
                                ? ". For all that is below this directory: " + text + "/**"
                                : ""));
            }
        }
        return warnings;
    }

    private static boolean isMatchedByNone(List<Glob> globs, String path) {
        return globs.stream().noneMatch(glob -> glob.matches(path));
    }

    private static List<Glob> parse(List<String> globs) throws SuiteException {
        try {
            return globs.stream().map(Glob::parse).toList();
        } catch (IllegalArgumentException e) {
            throw new SuiteException(e.getMessage(), e);
        }
    }

    private static GlobWalk walk(Path project, List<Glob> globs) throws SuiteException, IOException {
        try {
            return GlobWalk.of(project, globs);
        } catch (InvalidPathException e) {
            throw unnameable(e.getInput(), e);
        }
    }

    private static TestFile testFile(String path) throws SuiteException {
        try {
            return new TestFile(path);
        } catch (IllegalArgumentException e) {
            throw unnameable(path, e);
        }
    }

    private static SuiteException unnameable(String path, Exception cause) {
        return new SuiteException(
                "A test file has a name that cannot be used: " + path.replaceAll("\\p{Cntrl}", "?")
                        + "; rename or exclude it, or set the locale to UTF-8 (LC_ALL=C.UTF-8)",
                cause);
    }

    private static EmptySuiteException empty(
            Path project, List<String> include, List<String> exclude, List<String> unmatched, List<String> warnings) {
        StringBuilder message =
                new StringBuilder("No test file in " + project.toAbsolutePath().normalize() + ": ");
        if (include.isEmpty()) {
            message.append("no globs are given; set \"files\", such as [\"spec/**/*_spec.rb\"]");
        } else if (unmatched.size() == include.size()) {
            message.append("nothing matches");
        } else {
            message.append("what matches is excluded by ").append(String.join(", ", exclude));
        }
        unmatched.forEach(glob -> message.append("\n  ").append(glob).append(hint(project, glob)));
        warnings.forEach(warning -> message.append("\n  ").append(warning));
        return new EmptySuiteException(message.toString(), unmatched);
    }

    private static String hint(Path project, String glob) {
        boolean plain = glob.chars().noneMatch(c -> "*?[]{}\\".indexOf(c) >= 0);
        return plain && Files.isDirectory(project.resolve(glob)) ? " (a directory: try " + glob + "/**/*)" : "";
    }

    /**
     * A suite of exactly these files, in this order.
     *
     * @param project the project's directory
     * @param paths paths relative to it, or absolute ones inside it; {@code ./} before them is fine
     * @return the suite
     * @throws EmptySuiteException if there is none
     * @throws SuiteException if one does not exist, is no file, or is outside the project; the message names all such
     * @throws IOException if the file system fails
     */
    public static TestSuite of(Path project, Collection<String> paths) throws SuiteException, IOException {
        Path root = project.toAbsolutePath().normalize();
        Set<TestFile> files = new LinkedHashSet<>();
        List<String> faults = new ArrayList<>();
        for (String path : paths) {
            try {
                TestFile file = listed(root, path);
                if (Files.isRegularFile(root.resolve(file.path()))) {
                    files.add(file);
                } else {
                    faults.add(path + ": "
                            + (Files.exists(root.resolve(file.path())) ? "it is not a file" : "no such file"));
                }
            } catch (IllegalArgumentException e) {
                faults.add(path.replaceAll("\\p{Cntrl}", "?") + ": " + e.getMessage());
            }
        }
        if (!faults.isEmpty()) {
            throw new SuiteException("Listed test files that cannot be run (in " + root + "):\n  "
                    + String.join("\n  ", faults.subList(0, Math.min(20, faults.size())))
                    + (faults.size() > 20 ? "\n  and " + (faults.size() - 20) + " more" : ""));
        }
        if (files.isEmpty()) {
            throw new EmptySuiteException("No test file: the list is empty", List.of());
        }
        return new TestSuite(List.copyOf(files), List.of());
    }

    private static TestFile listed(Path root, String path) {
        Path given = root.resolve(path).normalize();
        if (!given.startsWith(root)) {
            throw new IllegalArgumentException("it is outside the project");
        }
        return new TestFile(RuntimeHistory.withoutDot(
                Path.of(path).isAbsolute() ? root.relativize(given).toString().replace('\\', '/') : path));
    }

    /**
     * Reads a list of files, one a line. Empty lines and lines that start with {@code #} are left out, and blanks at
     * the end of a line.
     *
     * @param project the project's directory
     * @param lines the list; not closed
     * @return the suite; see {@link #of}
     * @throws SuiteException as {@link #of}
     * @throws IOException if reading fails
     */
    public static TestSuite readList(Path project, Reader lines) throws SuiteException, IOException {
        Objects.requireNonNull(lines, "lines");
        List<String> paths = new ArrayList<>();
        BufferedReader reader = lines instanceof BufferedReader buffered ? buffered : new BufferedReader(lines);
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            String path = line.stripTrailing();
            if (!path.isEmpty() && !path.startsWith("#")) {
                paths.add(path);
            }
        }
        return of(project, paths);
    }

    /**
     * Reads a list from a file; see {@link #readList(Path, Reader)}.
     *
     * @param project the project's directory
     * @param list the file that holds the list, in UTF-8
     * @return the suite
     * @throws SuiteException as {@link #of}, and if the list does not exist; the message names it
     * @throws IOException if reading fails
     */
    public static TestSuite readList(Path project, Path list) throws SuiteException, IOException {
        try (Reader reader = Files.newBufferedReader(list, StandardCharsets.UTF_8)) {
            return readList(project, reader);
        } catch (NoSuchFileException e) {
            throw new SuiteException("The list of test files does not exist: " + list, e);
        }
    }
}
