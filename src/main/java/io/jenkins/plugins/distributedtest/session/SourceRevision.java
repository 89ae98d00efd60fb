package io.jenkins.plugins.distributedtest.session;

import io.jenkins.plugins.distributedtest.files.Sha256;
import io.jenkins.plugins.distributedtest.process.CommandResult;
import io.jenkins.plugins.distributedtest.process.Commands;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Which sources a directory has, as git says.
 *
 * @param commit the commit that is checked out; empty where git knows none
 * @param tree what stands for the content of all files that git knows, changes that are not committed included: two
 *     commits of the same content have the same, as two merges of the same branches do; empty where git knows no commit
 */
public record SourceRevision(String commit, String tree) {
    /** Of a directory that is not git's. */
    public static final SourceRevision NONE = new SourceRevision("", "");

    private static final Logger LOG = Logger.getLogger(SourceRevision.class.getName());
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final int HASH = 40;

    /**
     * Asks git.
     *
     * @param directory a directory
     * @param bound a directory above it or itself: a checkout that begins above this one is not meant
     * @return {@link #NONE} where there is no checkout, no commit or no git
     */
    public static SourceRevision of(Path directory, Path bound) throws InterruptedException {
        try {
            List<String> ids = git(directory, bound, Files::readAllLines, "rev-parse", "HEAD", "HEAD^{tree}");
            if (ids.size() != 2 || ids.get(0).length() < HASH) {
                return NONE;
            }
            Sha256 changes = git(
                    directory, bound, Sha256::of, "diff", "--no-ext-diff", "--no-textconv", "--binary", "HEAD", "--");
            String changed = changes.equals(Sha256.EMPTY) ? "" : "+" + changes;
            return new SourceRevision(ids.get(0), ids.get(1) + changed);
        } catch (IOException e) {
            LOG.log(Level.FINE, "git says nothing of " + directory, e);
            return NONE;
        }
    }

    private interface Taking<T> {
        T from(Path output) throws IOException;
    }

    private static <T> T git(Path directory, Path bound, Taking<T> taking, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        Path above = bound.toAbsolutePath().normalize().getParent();
        Path output = Files.createTempFile("distributed-test-git", ".out"); // a long list of changes stays whole
        try {
            CommandResult result = Commands.run(
                    ProcessSpec.of(command)
                            .directory(directory)
                            .environment(above == null ? Map.of() : Map.of("GIT_CEILING_DIRECTORIES", above.toString()))
                            .marker("git-revision-" + UUID.randomUUID())
                            .outputFile(output),
                    LIMIT);
            if (!result.ok()) {
                throw new IOException(String.join(" ", command) + " " + result.ending());
            }
            return taking.from(output);
        } finally {
            Files.delete(output);
        }
    }
}
