package io.jenkins.plugins.distributedtest.zuul.task;

import io.jenkins.plugins.distributedtest.suite.SuiteException;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.suite.TestSuite;
import io.jenkins.plugins.distributedtest.zuul.exec.TimedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Copies the JUnit reports that a job's work has left in its tree to its results. */
final class JUnitFiles {
    private JUnitFiles() {}

    /** Copies what the globs find. A missing report is logged and no failure: the work's own result counts. */
    static void copy(List<String> globs, TaskDirectories directories, TimedLog log) throws IOException {
        if (globs.isEmpty() || !Files.isDirectory(directories.tree())) {
            return;
        }
        try {
            for (TestFile file :
                    TestSuite.find(directories.tree(), globs, List.of()).files()) {
                Path from = directories.tree().resolve(file.path());
                if (!from.toRealPath().startsWith(directories.tree().toRealPath())) {
                    log.line(file.path() + " leads out of the tree and is left out");
                    continue;
                }
                Path to = directories.results().resolve("junit").resolve(file.path());
                Files.createDirectories(to.getParent());
                Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING, LinkOption.NOFOLLOW_LINKS);
            }
        } catch (SuiteException e) {
            log.line("No JUnit report: " + e.getMessage());
        }
    }
}
