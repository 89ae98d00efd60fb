package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.files.DirectoryLock;
import io.jenkins.plugins.distributedtest.files.DirectoryTree;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what a listener keeps between jobs of projects that are run no more: trees of rsync, mirrors of git, digests.
 * When one was used last shows in the time of its lock's file, which whoever takes the lock sets. It is removed under
 * that same lock, so never while it is in use. The file itself stays: were it removed, one process could hold the lock
 * of the old file and another that of a new one.
 */
final class KeptTrees {
    static final String LOCK = "lock";
    private static final Logger LOG = LoggerFactory.getLogger(KeptTrees.class);

    private KeptTrees() {}

    /**
     * Removes what was not used for some time.
     *
     * @param workDirectory the listener's work directory
     * @param unused for how long it was not used
     */
    static void cleanUp(Path workDirectory, Duration unused) throws InterruptedException {
        Instant before = Instant.now().minus(unused);
        for (String kind : new String[] {"trees", "git"}) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(workDirectory.resolve(kind))) {
                for (Path kept : all) {
                    cleanUp(kept, before);
                }
            } catch (NoSuchFileException e) {
                LOG.trace("Nothing is kept in {}", workDirectory);
            } catch (IOException e) {
                LOG.warn("What is kept in {} cannot be looked at: {}", workDirectory, e.toString());
            }
        }
    }

    /**
     * Takes the lock of a kept tree.
     *
     * @param deadline until when to wait, in {@link System#nanoTime}
     * @throws SyncException of kind TIMED_OUT if it is not free by then, FAILED if it cannot be locked
     */
    static DirectoryLock lock(Path kept, long deadline) throws SyncException, InterruptedException {
        try {
            return DirectoryLock.take(kept.resolve(LOCK), deadline);
        } catch (TimeoutException e) {
            throw new SyncException(SyncException.Kind.TIMED_OUT, e.getMessage(), e);
        } catch (IOException e) {
            throw new SyncException(SyncException.Kind.FAILED, e.getMessage(), e);
        }
    }

    private static void cleanUp(Path kept, Instant before) throws InterruptedException {
        Path file = kept.resolve(LOCK);
        try {
            if (!isOlder(file, before) || isEmptied(kept)) {
                return;
            }
            // Looked at before the lock is taken, since taking it counts as a use; whoever uses it now holds it.
            try (DirectoryLock lock = DirectoryLock.takeForCleanUp(file)) {
                if (isOlder(file, before)) {
                    remove(kept);
                    LOG.info("Removed {}, which was not used since {}", kept, before);
                }
            }
        } catch (TimeoutException e) {
            LOG.debug("{} is in use", kept, e);
        } catch (NoSuchFileException e) {
            LOG.debug("{} has no lock yet", kept, e);
        } catch (IOException e) {
            LOG.warn("{} cannot be removed: {}", kept, e.toString());
        }
    }

    private static boolean isOlder(Path file, Instant before) throws IOException {
        return Files.getLastModifiedTime(file).toInstant().isBefore(before);
    }

    private static boolean isEmptied(Path kept) throws IOException {
        try (DirectoryStream<Path> rest = Files.newDirectoryStream(kept, one -> !one.endsWith(LOCK))) {
            return !rest.iterator().hasNext();
        }
    }

    /** Removes all but the lock's file. Links are removed, not followed. */
    private static void remove(Path kept) throws IOException {
        try (DirectoryStream<Path> rest = Files.newDirectoryStream(kept, one -> !one.endsWith(LOCK))) {
            for (Path one : rest) {
                DirectoryTree.delete(one);
            }
        }
    }
}
