package io.jenkins.plugins.distributedtest.files;

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
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A lock on a directory that is kept between jobs, against other jobs of this process and other processes. */
public final class DirectoryLock implements AutoCloseable {
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
     * @throws TimeoutException if it is not free by then; names the file
     * @throws IOException if it cannot be locked; names the file
     */
    public static DirectoryLock take(Path file, long deadline)
            throws IOException, TimeoutException, InterruptedException {
        return take(file, deadline, true);
    }

    /** Takes a lock that is free, without that counting as a use. */
    public static DirectoryLock takeForCleanUp(Path file) throws IOException, TimeoutException, InterruptedException {
        return take(file, System.nanoTime(), false);
    }

    private static DirectoryLock take(Path file, long deadline, boolean use)
            throws IOException, TimeoutException, InterruptedException {
        Semaphore inProcess = IN_PROCESS.computeIfAbsent(file.toAbsolutePath().normalize(), any -> new Semaphore(1));
        if (!inProcess.tryAcquire(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
            throw busy(file);
        }
        @Nullable FileChannel channel = null;
        boolean locked = false;
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
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
            throw new IOException(file + " cannot be locked: " + e.getMessage(), e);
        } finally {
            if (!locked) {
                release(inProcess, channel);
            }
        }
    }

    private static TimeoutException busy(Path file) {
        return new TimeoutException("Other jobs of this host did not let go of " + file + " in time");
    }

    @Override
    public void close() {
        release(inProcess, channel);
    }

    private static void release(Semaphore inProcess, @Nullable FileChannel channel) {
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
