package io.jenkins.plugins.distributedtest.jenkins.step;

import io.jenkins.plugins.distributedtest.suite.FailedFiles;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.RuntimeHistory;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What is kept from build to build: a job's recorded runtimes, in its directory, under a name, so that a job with
 * several suites can keep them apart; and the files that failed in a build, in the build's directory.
 *
 * <p>Builds of a job run at the same time, and steps of a build: whoever adds to a record reads it again first, one at
 * a time.
 */
final class JobRecords {
    /** The directory of ours in that of a job or a build. */
    static final String DIRECTORY = "distributed-test";
    /** The name of a history that has not been given one. */
    static final String DEFAULT = "default";
    /** What records no runtimes and uses none. */
    static final String NONE = "none";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,99}");
    /** Files that a history knows at most; one that is larger forgets what was no part of the last run. */
    private static final int MAX_FILES = 200_000;

    private static final Object LOCK = new Object();

    private JobRecords() {}

    /**
     * What is wrong with a history's name.
     *
     * @return null if nothing is
     */
    static String fault(String name) {
        return name == null || NAME.matcher(name).matches()
                ? null
                : "The name of a history is made of letters, digits, dots, - and _: " + name;
    }

    /**
     * Reads the runtimes of a job.
     *
     * @param jobDirectory the job's directory
     * @param name the history's name
     * @return empty if there are none yet
     */
    static RuntimeHistory runtimes(Path jobDirectory, String name) throws SuiteException, IOException {
        return RuntimeHistory.read(runtimeFile(jobDirectory, name));
    }

    private static Path runtimeFile(Path jobDirectory, String name) {
        if (fault(name) != null) {
            throw new IllegalArgumentException(fault(name));
        }
        return jobDirectory.resolve(DIRECTORY).resolve("runtimes-" + name + ".json");
    }

    /**
     * Takes the runtimes of a run into those of its job.
     *
     * @param base what to begin with where the job has none yet: those of the target branch
     */
    static void record(Path jobDirectory, String name, RunReport report, RuntimeHistory base)
            throws SuiteException, IOException {
        synchronized (LOCK) {
            Path file = runtimeFile(jobDirectory, name);
            RuntimeHistory own = RuntimeHistory.read(file);
            RuntimeHistory before = own.size() == 0 ? base : own;
            // Which files still exist nobody can tell here: other suites of the job may be elsewhere.
            boolean keep = before.size() < MAX_FILES;
            Files.createDirectories(file.getParent());
            before.updated(report, recorded -> keep).write(file);
        }
    }

    /**
     * Adds the failed files of a run to those of its build.
     *
     * @param buildDirectory the build's directory
     */
    static void addFailed(Path buildDirectory, RunReport report) throws SuiteException, IOException {
        synchronized (LOCK) {
            Set<TestFile> failed = new LinkedHashSet<>();
            List<TestFile> before = failed(buildDirectory);
            if (before != null) {
                failed.addAll(before);
            }
            failed.addAll(FailedFiles.of(report));
            Path file = failedFile(buildDirectory);
            Files.createDirectories(file.getParent());
            FailedFiles.write(file, failed);
        }
    }

    /**
     * The files that failed in a build, or had no result.
     *
     * @return null if the build has no distributed run that ended
     */
    static List<TestFile> failed(Path buildDirectory) throws SuiteException, IOException {
        Path file = failedFile(buildDirectory);
        if (!Files.exists(file)) {
            return null;
        }
        try {
            return FailedFiles.read(file);
        } catch (SuiteException e) {
            if (e.getCause() instanceof NoSuchFileException) {
                return null;
            }
            throw e;
        }
    }

    private static Path failedFile(Path buildDirectory) {
        return buildDirectory.resolve(DIRECTORY).resolve("failed-files.json");
    }
}
