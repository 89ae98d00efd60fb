package io.jenkins.plugins.distributedtest.suite;

import java.util.Objects;

/**
 * One test file of a suite: the unit that is queued, leased and run.
 *
 * @param path relative to the project directory, with {@code /} between its parts on every platform; never empty,
 *     absolute, or reaching outside the project
 */
public record TestFile(String path) implements Comparable<TestFile> {

    /** Longer paths are refused: the limit is PATH_MAX of Linux. */
    public static final int MAX_LENGTH = 4096;

    /**
     * Checks the path.
     *
     * @throws IllegalArgumentException if the path is empty, too long, absolute, has a {@code ..} part, a backslash,
     *     or a control character; the message names it
     */
    public TestFile {
        Objects.requireNonNull(path, "path");
        String fault = fault(path);
        if (fault != null) {
            throw new IllegalArgumentException("Not a path inside the project (" + fault + "): " + printable(path));
        }
    }

    private static String fault(String path) {
        if (path.isEmpty()) {
            return "it is empty";
        }
        if (path.length() > MAX_LENGTH) {
            return "it is longer than " + MAX_LENGTH + " characters";
        }
        if (path.startsWith("/")) {
            return "it is absolute";
        }
        if (path.chars().anyMatch(c -> c < ' ' || c == '\\' || c == 0x7f)) {
            return "it has a backslash or a control character";
        }
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals("..") || part.equals(".")) {
                return "it has an empty, '.' or '..' part";
            }
        }
        return null;
    }

    private static String printable(String path) {
        String cut = path.length() > 200 ? path.substring(0, 200) + "…" : path;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }

    @Override
    public int compareTo(TestFile other) {
        return path.compareTo(other.path);
    }

    @Override
    public String toString() {
        return path;
    }
}
