package io.jenkins.plugins.distributedtest.suite;

import io.jenkins.plugins.distributedtest.files.PlainFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Tests that are run and reported as all others, but whose failure does not make a run fail. Each is named by its file
 * and its name; a file alone stands for all that can go wrong with it.
 *
 * @param entries what is in quarantine, without duplicates
 */
public record Quarantine(List<Entry> entries) {
    /** Nothing is. */
    public static final Quarantine NONE = new Quarantine(List.of());

    private static final String SEPARATOR = "::";
    private static final int MAX_BYTES = 1 << 20;
    private static final List<String> JOINTS = List.of(" ", ".", "#", SEPARATOR);

    /**
     * A test, or a file as a whole.
     *
     * @param file the file's path
     * @param className the case's class as its framework tells it; empty where the name may say it, too
     * @param name the case's name, perhaps with its class in front; empty for the file as a whole
     */
    public record Entry(String file, String className, String name) {
        /** As a line of a quarantine file. */
        public String text() {
            if (name.isEmpty()) {
                return file;
            }
            return file + " " + SEPARATOR + " " + (className.isEmpty() ? "" : className + " ") + name;
        }

        /** Whether it stands for its whole file. */
        public boolean isWhole() {
            return name.isEmpty();
        }

        /** Whether it names a case of its file. */
        public boolean covers(TestCase test) {
            if (!className.isEmpty()) {
                return className.equals(test.className()) && name.equals(test.name());
            }
            return name.equals(test.name()) || JOINTS.stream().anyMatch(joint -> isJoined(test, joint));
        }

        /** Whether it says class and name, the class perhaps without what stands before a dot or a slash. */
        private boolean isJoined(TestCase test, String joint) {
            String end = joint + test.name();
            if (!name.endsWith(end) || name.length() == end.length()) {
                return false;
            }
            String said = name.substring(0, name.length() - end.length());
            return test.className().equals(said)
                    || test.className().endsWith("." + said)
                    || test.className().endsWith("/" + said);
        }
    }

    /** Copies the entries. */
    public Quarantine {
        entries = entries == null ? List.of() : List.copyOf(new LinkedHashSet<>(entries));
    }

    /**
     * Reads a quarantine file: a test a line, {@code FILE :: NAME}, or {@code FILE} for a file as a whole. Empty lines and
     * those that begin with # say nothing.
     *
     * @param source the file
     * @throws SuiteException if it is not there, is no plain file, or has a line that names no test; says which
     * @throws IOException if it cannot be read
     */
    public static Quarantine read(Path source) throws SuiteException, IOException {
        try (InputStream in = PlainFile.read(source)) {
            if (in == null) {
                throw new SuiteException(
                        "There is no file " + source
                                + " that names quarantined tests: make it, if only an empty one, or do not ask for a quarantine");
            }
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new SuiteException(source + " names more quarantined tests than a megabyte holds");
            }
            return of(
                    source.toString(),
                    new String(bytes, StandardCharsets.UTF_8).lines().toList());
        }
    }

    private static Quarantine of(String source, List<String> lines) throws SuiteException {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                int at = line.indexOf(SEPARATOR);
                String name =
                        at < 0 ? "" : line.substring(at + SEPARATOR.length()).strip();
                String file = RuntimeHistory.withoutDot((at < 0 ? line : line.substring(0, at)).strip());
                if (file.isEmpty() || at >= 0 && name.isEmpty()) {
                    throw new SuiteException("Line " + (i + 1) + " of " + source
                            + " names no test: FILE :: NAME is one, FILE alone a file as a whole");
                }
                entries.add(new Entry(file, "", name));
            }
        }
        return new Quarantine(entries);
    }

    /** Both together. */
    public Quarantine with(Quarantine other) {
        return new Quarantine(
                Stream.concat(entries.stream(), other.entries.stream()).toList());
    }

    /**
     * Whether all that is bad in a result is in quarantine. A crash, a timeout and what is wrong with a file as a whole
     * are covered only by the file as a whole, not by a case in it.
     */
    public boolean covers(FileResult result) {
        if (!result.status().isBad()) {
            return false;
        }
        List<Entry> own = of(result.file().path());
        if (own.stream().anyMatch(Entry::isWhole)) {
            return true;
        }
        List<TestCase> bad =
                result.cases().stream().filter(test -> test.status().isBad()).toList();
        boolean explained = result.message().isEmpty()
                || bad.stream()
                        .anyMatch(test -> test.failure() != null
                                && test.failure().message().equals(result.message()));
        return result.status() == FileStatus.FAILED
                && !bad.isEmpty()
                && explained
                && bad.stream().allMatch(test -> own.stream().anyMatch(entry -> entry.covers(test)));
    }

    private List<Entry> of(String path) {
        return entries.stream().filter(entry -> entry.file().equals(path)).toList();
    }

    /**
     * Entries that are none of these files' tests, as far as can be told before they run.
     *
     * @param files the files
     */
    public List<Entry> without(Set<String> files) {
        return entries.stream().filter(entry -> !files.contains(entry.file())).toList();
    }

    /** Entries whose file ran to its end in a run without having such a test: misspelt, renamed or gone. */
    public List<Entry> unknown(RunReport run) {
        List<Entry> unknown = new ArrayList<>();
        for (FileReport file : run.files()) {
            boolean told = file.isFinished()
                    && (file.isPassed() || file.last().result().status() == FileStatus.FAILED);
            if (told) {
                of(file.file().path()).stream()
                        .filter(entry -> !entry.isWhole())
                        .filter(entry -> file.last().result().cases().stream().noneMatch(entry::covers))
                        .forEach(unknown::add);
            }
        }
        return unknown;
    }
}
