package io.jenkins.plugins.distributedtest.session;

import io.jenkins.plugins.distributedtest.files.PlainFile;
import io.jenkins.plugins.distributedtest.process.BoundedText;
import io.jenkins.plugins.distributedtest.process.CommandResult;
import io.jenkins.plugins.distributedtest.process.Commands;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The test files that have changed since a revision, as git says: what is committed on this branch since it left the
 * revision's, what is not committed, and new files that git does not ignore.
 */
public final class GitChanges {
    private static final int MAX_BYTES = 64 << 20;
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final int SHOWN = 1000;

    private final Path directory;

    private GitChanges(Path directory) {
        this.directory = directory;
    }

    /**
     * The suite of what has changed.
     *
     * @param revision a branch, tag or commit, such as {@code origin/main}
     * @return the suite; without files if no test file has changed. Its warnings say what else has
     */
    public static SuiteChoice since(String revision) {
        return (run, configFiles) -> ListedChanges.of(new StringReader(new GitChanges(run.directory()).names(revision)))
                .find(run, configFiles);
    }

    private String names(String revision) throws SuiteException, IOException {
        if (revision.isBlank() || revision.startsWith("-")) {
            throw new SuiteException("Not a revision of git: '" + revision + "'. Name a branch, a tag or a commit.");
        }
        String base = git("merge-base", revision, "HEAD").strip();
        // Renamed files are new ones under their new name; paths are relative to the project.
        return git("diff", "--name-only", "--no-renames", "--relative", base, "--")
                + git("ls-files", "--others", "--exclude-standard");
    }

    private String git(String... arguments) throws SuiteException, IOException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile("distributed-test-git", ".out"); // a long list stays whole
        try {
            CommandResult result = Commands.run(
                    ProcessSpec.of(command)
                            .directory(directory)
                            .marker("git-changes-" + UUID.randomUUID())
                            .outputFile(output),
                    LIMIT);
            String said = PlainFile.text(output, MAX_BYTES);
            if (!result.ok()) {
                throw new SuiteException("git cannot say what has changed in " + directory + ": "
                        + String.join(" ", command) + " " + result.ending() + ": "
                        + BoundedText.cut(said.strip(), SHOWN)
                        + ". Is the revision fetched, with the history up to where this branch left it?");
            }
            return said;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SuiteException("Interrupted while git was asked what has changed");
        } finally {
            Files.delete(output);
        }
    }
}
