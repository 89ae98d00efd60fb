package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.files.DirectoryTree;
import io.jenkins.plugins.distributedtest.files.OwnerOnly;
import io.jenkins.plugins.distributedtest.process.ProcessTree;
import io.jenkins.plugins.distributedtest.process.Watchdog;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of one run on one listener: its source tree, the logs of its runners, and what is needed to clean up
 * after a listener that was killed.
 *
 * <p>Each has a directory in the {@linkplain WorkspaceRoot place of workspaces}, which only its owner can enter. Its name
 * is that of the project with the lowest number that is free, so that a project's path is the same from run to run:
 * caches of transpilers and loaders are keyed by it.
 *
 * <pre>
 * lock            locked as long as the listener's process lives
 * job.properties  the run, the listener, its process id, and the marker of its processes
 * tree/           the sources; current directory of callbacks and runners
 * logs/           output of the runners
 * kept            only if the workspace is to stay after its run
 * </pre>
 *
 * <p>After the run it is deleted, or {@linkplain #retire waits} under another name with its tree for the next run of the
 * project; see {@link SpareWorkspaces}.
 *
 * <p>Every process of the run has the marker in its environment, as {@value #VARIABLE}.
 *
 * <p>It is made under a name that starts with a dot and moved to its own name once it is locked, so that one that can
 * be seen and is not locked has lost its owner. {@link #sweep} goes for those: first it kills the processes that carry
 * the marker, then it deletes the directory, so that no process loses the files it is running on. When the listener's
 * process is killed, a {@link Watchdog} kills them at once.
 *
 * <p>For one thread at a time, except {@link #sweep}.
 */
final class Workspace implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Workspace.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    /** The environment variable that holds the workspace's marker in every process of the run. */
    static final String VARIABLE = "DISTRIBUTED_TEST_WORKSPACE";

    private static final String UNFINISHED = ".new-";
    private static final String DOOMED = ".old-";
    /** Begins the name of one that waits for another run; who finds it without a lock deletes it. */
    private static final String SPARE = ".kept-";

    private static final int MAX_NAME = 30;
    private static final int MAX_NUMBER = 10_000;
    /** One that was begun this long ago and never got its name was left by a listener that died meanwhile. */
    private static final Duration UNFINISHED_AGE = Duration.ofHours(1);
    /**
     * Those of this process. On Linux a process that opens and closes a file loses its own locks on it, so the sweep
     * must not even open these.
     */
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private final boolean keep;
    private final FileChannel channel;
    private Path directory;
    private String marker;
    private Watchdog watchdog;

    private Workspace(Path directory, String marker, boolean keep, FileChannel channel) {
        this.directory = directory;
        this.marker = marker;
        this.keep = keep;
        this.channel = channel;
        watchdog = Watchdog.start(VARIABLE, marker);
    }

    /**
     * Makes a workspace.
     *
     * @param workDirectory the listener's work directory
     * @param project the project's name, from the wire; only its plain characters are used
     * @param listener the listener's id
     * @param runId the run's id
     * @param keep whether it stays after {@link #close}
     * @throws IOException if it cannot be made
     */
    static Workspace create(Path workDirectory, String project, String listener, String runId, boolean keep)
            throws IOException {
        Path parent = WorkspaceRoot.of(workDirectory);
        String random = random();
        Path unfinished = parent.resolve(UNFINISHED + random);
        OURS.add(unfinished);
        FileChannel channel = null;
        try {
            OwnerOnly.createDirectory(unfinished);
            channel = FileChannel.open(
                    unfinished.resolve("lock"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                throw new IOException("Somebody else has locked the new workspace " + unfinished);
            }
            String marker = "workspace-" + random;
            writeJob(unfinished.resolve("job.properties"), marker, listener, runId);
            Files.createDirectory(unfinished.resolve("tree"));
            Files.createDirectory(unfinished.resolve("logs"));
            if (keep) {
                Files.createFile(unfinished.resolve("kept"));
            }
            return new Workspace(named(unfinished, parent, slug(project)), marker, keep, channel);
        } catch (IOException | RuntimeException e) {
            if (channel != null) {
                channel.close();
            }
            DirectoryTree.delete(unfinished);
            throw e;
        } finally {
            OURS.remove(unfinished);
        }
    }

    /** Gives it the first name that is free. */
    private static Path named(Path unfinished, Path parent, String project) throws IOException {
        for (int number = 1; number <= MAX_NUMBER; number++) {
            Path directory = parent.resolve(project + "-" + number);
            if (OURS.add(directory)) {
                try {
                    return Files.move(unfinished, directory);
                } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
                    OURS.remove(directory); // another listener's, or one that is kept
                } catch (IOException e) {
                    OURS.remove(directory);
                    throw e;
                }
            }
        }
        throw new IOException("There are " + MAX_NUMBER + " workspaces of " + project + " in " + parent
                + " already. Remove those that were kept");
    }

    private static String slug(String project) {
        String plain = project.replaceAll("[^A-Za-z0-9_-]+", "-").replaceAll("^-+|-+$", "");
        return plain.isEmpty() ? "project" : plain.substring(0, Math.min(MAX_NAME, plain.length()));
    }

    private static String random() {
        byte[] random = new byte[8];
        RANDOM.nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    private static void writeJob(Path file, String marker, String listener, String runId) throws IOException {
        Properties job = new Properties();
        job.setProperty("marker", marker);
        job.setProperty("listener", listener);
        job.setProperty("run", runId);
        job.setProperty("pid", Long.toString(ProcessHandle.current().pid()));
        try (Writer writer = Files.newBufferedWriter(file)) {
            job.store(writer, null);
        }
    }

    /**
     * Ends the run in it, but keeps its tree for another run: kills what still runs, deletes all but the tree, and gives
     * its name free.
     *
     * @throws IOException if that cannot be done; it is to be closed then
     */
    void retire() throws IOException {
        ProcessTree.endMarked(environment());
        watchdog.close();
        Path spare = directory.resolveSibling(SPARE + random());
        OURS.add(spare);
        try {
            Files.move(directory, spare);
        } catch (IOException e) {
            OURS.remove(spare);
            throw e;
        }
        OURS.remove(directory);
        directory = spare;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(spare)) {
            for (Path each : all) {
                if (!each.endsWith("tree") && !each.endsWith("lock")) {
                    DirectoryTree.delete(each);
                }
            }
        }
    }

    /**
     * Begins another run in it after {@link #retire}.
     *
     * @throws IOException if that cannot be done; it is to be closed then
     */
    void reuse(Path workDirectory, String project, String listener, String runId) throws IOException {
        marker = "workspace-" + random();
        writeJob(directory.resolve("job.properties"), marker, listener, runId);
        Files.createDirectory(directory.resolve("logs"));
        Path spare = directory;
        directory = named(spare, WorkspaceRoot.of(workDirectory), slug(project));
        OURS.remove(spare);
        watchdog = Watchdog.start(VARIABLE, marker);
    }

    /** The source tree. */
    Path tree() {
        return directory.resolve("tree");
    }

    /** Where the source tree of a slot goes, where slots have trees of their own. */
    Path tree(int slot) {
        return directory.resolve("tree-" + slot);
    }

    /** Where runners write their output. */
    Path logs() {
        return directory.resolve("logs");
    }

    /** The workspace itself. */
    Path directory() {
        return directory;
    }

    /** What every process of the run has to have in its environment. */
    Map<String, String> environment() {
        return Map.of(VARIABLE, marker);
    }

    /** Kills what still runs of the run's processes, then deletes the workspace unless it is to be kept. */
    @Override
    public void close() {
        ProcessTree.endMarked(environment());
        watchdog.close();
        try {
            if (!keep) {
                remove(directory);
            }
        } catch (IOException e) {
            LOG.warn("A workspace is left behind: {}", e.getMessage());
        } finally {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.debug("Closing the lock of {}", directory, e);
            }
            OURS.remove(directory);
        }
    }

    /**
     * Clears away the workspaces of listeners that are gone: kills their processes, deletes their directories. Leaves
     * alone those of listeners that live and those that are to be kept. What cannot be cleared away is logged.
     *
     * @param workDirectory the listener's work directory
     * @return how many workspaces were cleared away
     */
    static int sweep(Path workDirectory) {
        int swept = 0;
        try (DirectoryStream<Path> each = Files.newDirectoryStream(WorkspaceRoot.of(workDirectory))) {
            for (Path directory : each) {
                if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS) && sweepOne(directory)) {
                    swept++;
                }
            }
        } catch (IOException e) {
            LOG.warn("Cannot look for left-over workspaces of {}: {}", workDirectory, e.toString());
        }
        return swept;
    }

    private static boolean sweepOne(Path directory) {
        String name = directory.getFileName().toString();
        try {
            if (name.startsWith(UNFINISHED)) {
                return sweepUnfinished(directory);
            }
            if (name.startsWith(DOOMED)) {
                DirectoryTree.delete(directory);
                return true;
            }
            Path lock = directory.resolve("lock");
            if (OURS.contains(directory) || !Files.isRegularFile(lock, LinkOption.NOFOLLOW_LINKS)) {
                return false;
            }
            try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                    FileLock held = channel.tryLock()) {
                if (held == null) {
                    return false;
                }
                killProcesses(directory);
                if (Files.exists(directory.resolve("kept"))) {
                    return false;
                }
                remove(directory);
                LOG.info("Cleared away the workspace of a listener that is gone: {}", directory);
                return true;
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("Cannot clear away the workspace {}: {}", directory, e.toString());
            return false;
        }
    }

    /** Renames it first, so that one that is half gone is still known to be of no use. */
    private static void remove(Path directory) throws IOException {
        Path doomed = directory.resolveSibling(DOOMED + random());
        Files.move(directory, doomed);
        DirectoryTree.delete(doomed);
    }

    private static boolean sweepUnfinished(Path directory) throws IOException {
        Instant made =
                Files.getLastModifiedTime(directory, LinkOption.NOFOLLOW_LINKS).toInstant();
        if (OURS.contains(directory) || made.plus(UNFINISHED_AGE).isAfter(Instant.now())) {
            return false;
        }
        DirectoryTree.delete(directory);
        return true;
    }

    private static void killProcesses(Path directory) throws IOException {
        Path file = directory.resolve("job.properties");
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Properties job = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            job.load(reader);
        }
        String marker = job.getProperty("marker", "");
        if (!marker.isEmpty()) {
            ProcessTree.killMarked(Map.of(VARIABLE, marker));
        }
    }
}
