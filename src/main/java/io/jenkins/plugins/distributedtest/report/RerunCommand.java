package io.jenkins.plugins.distributedtest.report;

import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Tells people the command that runs certain files again, ready to be pasted into a POSIX shell. */
@FunctionalInterface
public interface RerunCommand {
    /** {@code distributed-test run FILE…}. */
    RerunCommand DEFAULT = ofPrefix("distributed-test run");

    /** The option of Jenkins' step {@code distributedTest} that makes it run these files: {@code files: ['FILE', …]}. */
    RerunCommand STEP = files -> files.stream()
            .map(file -> "'" + file.path().replace("\\", "\\\\").replace("'", "\\'") + "'")
            .collect(Collectors.joining(", ", "files: [", "]"));

    /**
     * The command that runs these files and nothing else.
     *
     * @param files the files
     * @return one line
     */
    String of(Collection<TestFile> files);

    /** The command that runs one file. */
    default String of(TestFile file) {
        return of(List.of(file));
    }

    /**
     * The command that runs one file with its tests in the same order.
     *
     * @param seed the number that the order came from; null where it is not by chance
     * @return as {@link #of(TestFile)} where there is no way to say it
     */
    default String of(TestFile file, Integer seed) {
        return of(file);
    }

    /**
     * A command that takes files as its last arguments.
     *
     * @param prefix the command before the files, already fit for a shell
     */
    static RerunCommand ofPrefix(String prefix) {
        return new RerunCommand() {
            @Override
            public String of(Collection<TestFile> files) {
                return files.stream()
                        .map(file -> quoted(file.path()))
                        .collect(Collectors.joining(" ", prefix + " ", ""));
            }

            @Override
            public String of(TestFile file, Integer seed) {
                return seed == null ? of(file) : prefix + " --seed " + seed + " " + quoted(file.path());
            }
        };
    }

    /**
     * Quotes a word for a POSIX shell where it needs it.
     *
     * @param word any text
     */
    static String quoted(String word) {
        // A leading dash would be read as an option.
        String safe = word.startsWith("-") ? "./" + word : word;
        return safe.matches("[\\w@%+=:,./-]+") ? safe : "'" + safe.replace("'", "'\\''") + "'";
    }
}
