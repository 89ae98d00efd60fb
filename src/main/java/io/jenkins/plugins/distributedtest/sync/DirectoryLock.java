package io.jenkins.plugins.distributedtest.sync;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A lock on a directory that is kept between jobs, against other jobs of this process and other processes. */
final class DirectoryLock implements AutoCloseable {
    private static final long POLL_MILLIS = 100;

    /** One per directory ever locked, which are as few as there are projects. */
    private static final Map<Path, Semaphore> IN_PROCESS = new ConcurrentHashMap<>();

    private final Semaphore inProcess;
    private final FileChannel channel;

    private DirectoryLock(Semaphore inProcess, FileChannel channel) {
        this.inProcess = inProcess;
        this.channel = channel;
    }

    /**
     * Takes a lock.
     *
     * @param file the lock's file; made when missing, with its directories
     * @param deadline until when to wait, in {@link System#nanoTime}
     * @throws SyncException of kind TIMED_OUT if it is not free by then
     */
    static DirectoryLock take(Path file, long deadline) throws SyncException, InterruptedException {
        return take(file, deadline, true);
    }

    /** Takes a lock that is free, without that counting as a use. */
    static DirectoryLock takeForCleanUp(Path file) throws SyncException, InterruptedException {
        return take(file, System.nanoTime(), false);
    }

    private static DirectoryLock take(Path file, long deadline, boolean use)
            throws SyncException, InterruptedException {
        Semaphore inProcess = IN_PROCESS.computeIfAbsent(file.toAbsolutePath().normalize(), any -> new Semaphore(1));
        if (!inProcess.tryAcquire(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
            throw busy(file);
        }
        FileChannel channel = null;
        boolean locked = false;
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            while (channel.tryLock() == null) {
                if (System.nanoTime() - deadline > 0) {
                    throw busy(file);
                }
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
            if (use) {
                Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis()));
            }
            locked = true;
            return new DirectoryLock(inProcess, channel);
        } catch (ClosedByInterruptException e) {
            Thread.interrupted();
            throw new InterruptedException();
        } catch (IOException e) {
            throw new SyncException(SyncException.Kind.FAILED, file + " cannot be locked: " + e.getMessage(), e);
        } finally {
            if (!locked) {
                release(inProcess, channel);
            }
        }
    }

    private static SyncException busy(Path file) {
        return new SyncException(
                SyncException.Kind.TIMED_OUT, "Other jobs of this host did not let go of " + file + " in time");
    }

    @Override
    public void close() {
        release(inProcess, channel);
    }

    private static void release(Semaphore inProcess, FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            throw new IllegalStateException("A lock cannot be let go", e);
        } finally {
            inProcess.release();
        }
    }
}
