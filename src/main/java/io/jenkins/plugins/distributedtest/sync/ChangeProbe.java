package io.jenkins.plugins.distributedtest.sync;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether a file system will show in a file's stamp that the file was changed. Two things could hide that:
 *
 * <ul>
 *   <li>Its clock ticks only every few milliseconds (on some only every two seconds): a change within the tick in which
 *       a file was laid out leaves the same stamp. So a file is written until its time is later than that of all that
 *       was laid out; whatever is changed after that gets a later time too.
 *   <li>Some (tmpfs) do not note what is written through a mapping of a file. So that is tried.
 * </ul>
 */
final class ChangeProbe {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeProbe.class);
    private static final int ATTEMPTS = 60;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private ChangeProbe() {}

    /**
     * Tries it. Takes a few milliseconds, {@value #ATTEMPTS} or so of them where the answer is no.
     *
     * @param directory a directory of that file system, in which a file is made and deleted again
     * @param latest the latest time that a file bears, in ns since 1970
     * @param mapped whether to try mappings too
     * @return whether every change from now on will show
     */
    static boolean shows(Path directory, long latest, boolean mapped) {
        Path probe = directory.resolve(".distributed-test-" + UUID.randomUUID());
        try (FileChannel channel = FileChannel.open(
                probe, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long written = until(probe, latest, () -> channel.write(ByteBuffer.wrap(new byte[] {1}), 0));
            return written > latest
                    && (!mapped
                            || until(
                                            probe,
                                            written,
                                            () -> channel.map(FileChannel.MapMode.READ_WRITE, 0, 1)
                                                    .put(0, (byte) 2))
                                    > written);
        } catch (IOException | UnsupportedOperationException e) {
            LOG.debug("Whether {} shows changes cannot be found out", directory, e);
            return false;
        } finally {
            delete(probe);
        }
    }

    private interface Change {
        void make() throws IOException;
    }

    /** Changes a file until its time is past another; returns its time. */
    private static long until(Path probe, long past, Change change) throws IOException {
        long changed = 0;
        for (int attempt = 0; attempt < ATTEMPTS && changed <= past; attempt++) {
            if (attempt > 0) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            change.make();
            changed = FileStamp.of(probe).changed();
        }
        return changed;
    }

    private static void delete(Path probe) {
        try {
            Files.deleteIfExists(probe);
        } catch (IOException e) {
            LOG.debug("{} stays until the workspace is cleared", probe, e);
        }
    }
}
