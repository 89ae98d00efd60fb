package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.files.PlainFile;
import io.jenkins.plugins.distributedtest.files.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Content by its SHA-256, kept between jobs; one directory may serve several listener processes of a host. Content
 * enters under a temporary name and is moved to its own once its digest is proven, so nothing under a digest's name is
 * ever half written. It is proven again whenever it is copied out, since a disk may lie.
 *
 * <p>Layout: {@code ab/cdef…} for content, {@code tmp/} for what is arriving, {@code uses/} with one locked file per
 * fetch that is under way. Whenever a fetch looks at content it sets the content's modification time; clean-up removes
 * what was not looked at for longest, never what was looked at since the oldest fetch under way began. Should it still
 * hit what a fetch needs (one that began in the very same moment), that fetch notices and asks for it again.
 */
final class ContentStore {
    private static final Logger LOG = LoggerFactory.getLogger(ContentStore.class);
    private static final Duration STALE = Duration.ofDays(1);
    private static final double KEEP_SHARE = 0.9;

    /**
     * Uses of this process and when they began. Their files must not be opened a second time here: closing that channel
     * would end the lock (POSIX locks belong to the process).
     */
    private static final Map<Path, Long> OWN_USES = new ConcurrentHashMap<>();

    /** Stores that this process is cleaning up. */
    private static final Set<Path> CLEANING = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final Path temporary;
    private final Path uses;
    private final long maxBytes;

    /**
     * @param directory where it is; made when missing
     * @param maxBytes how large it may grow
     */
    ContentStore(Path directory, long maxBytes) {
        this.directory = directory.toAbsolutePath();
        this.temporary = this.directory.resolve("tmp");
        this.uses = this.directory.resolve("uses");
        this.maxBytes = maxBytes;
    }

    /** A use of the store, which keeps clean-up from what it looks at. */
    final class Use implements AutoCloseable {
        private final Path file;
        private final FileChannel channel;
        private final long began = System.currentTimeMillis();

        private Use() throws IOException {
            Files.createDirectories(temporary);
            Files.createDirectories(uses);
            file = uses.resolve(UUID.randomUUID().toString());
            OWN_USES.put(file, began);
            channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            try {
                channel.lock();
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        }

        /**
         * Whether content is there, whole as far as its length shows; keeps it from clean-up.
         *
         * @param size its length; negative if not known
         */
        boolean has(Sha256 sha, long size) throws IOException {
            Path path = path(sha);
            try {
                FileStamp stamp = FileStamp.of(path);
                if (stamp.type() != FileStamp.Type.FILE || size >= 0 && stamp.size() != size) {
                    return false;
                }
                if (stamp.modified() / 1_000_000 < began) {
                    Files.setLastModifiedTime(path, FileTime.fromMillis(System.currentTimeMillis()));
                }
                return true;
            } catch (NoSuchFileException e) {
                return false;
            }
        }

        /** Ends the use. */
        @Override
        public void close() {
            try {
                channel.close();
                Files.deleteIfExists(file);
                OWN_USES.remove(file);
            } catch (IOException e) {
                LOG.debug("{} stays until the next clean-up", file, e);
            }
        }
    }

    /** Content that is arriving. */
    final class Arrival implements AutoCloseable {
        private final Sha256 sha;
        private final Path file;
        private final OutputStream out;
        private final MessageDigest digest = Sha256.digest();
        private long length;

        private Arrival(Sha256 sha) throws IOException {
            this.sha = sha;
            this.file = temporary.resolve(UUID.randomUUID().toString());
            this.out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW);
        }

        void write(byte[] data) throws IOException {
            out.write(data);
            digest.update(data);
            length += data.length;
        }

        long length() {
            return length;
        }

        Sha256 sha() {
            return sha;
        }

        /** Takes it into the store if it is what its digest says; says whether it was. */
        boolean commit() throws IOException {
            out.close();
            if (!Sha256.result(digest).equals(sha)) {
                return false;
            }
            Path to = path(sha);
            Files.createDirectories(to.getParent());
            try {
                Files.move(file, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (AtomicMoveNotSupportedException e) {
                throw new IOException(
                        "The content store " + directory + " is on a file system that cannot move files"
                                + " atomically: choose another work directory",
                        e);
            }
            return true;
        }

        /** Drops it unless it was committed. */
        @Override
        public void close() {
            try {
                out.close();
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOG.debug("{} stays until the next clean-up", file, e);
            }
        }
    }

    /** Begins a use. */
    Use use() throws IOException {
        return new Use();
    }

    /** Begins to take content in. */
    Arrival arrive(Sha256 sha) throws IOException {
        return new Arrival(sha);
    }

    /** Where content is, or would be. */
    Path path(Sha256 sha) {
        String hex = sha.toString();
        return directory.resolve(hex.substring(0, 2)).resolve(hex.substring(2));
    }

    /** Opens content. */
    InputStream open(Sha256 sha) throws IOException {
        return PlainFile.open(path(sha));
    }

    /** Removes content that is not what its digest says. */
    void remove(Sha256 sha) throws IOException {
        Files.deleteIfExists(path(sha));
    }

    /** How many bytes can still be written. */
    long freeBytes() throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    private record Kept(Path path, long size, long used) {}

    /** Brings the store back under its size. Does nothing while someone else is at it. */
    void cleanUp() throws IOException {
        if (!CLEANING.add(directory)) {
            return;
        }
        try {
            cleanUpAlone();
        } finally {
            CLEANING.remove(directory);
        }
    }

    private void cleanUpAlone() throws IOException {
        Files.createDirectories(uses);
        try (FileChannel channel = FileChannel.open(
                        directory.resolve("clean.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                return;
            }
            removeStale();
            long inUseSince = oldestUse();
            List<Kept> all = list();
            long bytes = all.stream().mapToLong(Kept::size).sum();
            if (bytes <= maxBytes) {
                return;
            }
            all.sort(Comparator.comparingLong(Kept::used));
            for (Kept one : all) {
                if (bytes <= maxBytes * KEEP_SHARE || one.used() >= inUseSince) {
                    break;
                }
                if (Files.getLastModifiedTime(one.path()).toMillis() == one.used()) {
                    Files.deleteIfExists(one.path());
                    bytes -= one.size();
                }
            }
        }
    }

    /** When the oldest use under way began; uses of processes that are gone are removed. */
    private long oldestUse() throws IOException {
        long oldest = Long.MAX_VALUE;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(uses)) {
            for (Path file : files) {
                Long own = OWN_USES.get(file);
                if (own != null) {
                    oldest = Math.min(oldest, own);
                    continue;
                }
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                        FileLock lock = channel.tryLock()) {
                    if (lock == null) {
                        // A use sets its file's time by making it, before it looks at anything.
                        oldest =
                                Math.min(oldest, Files.getLastModifiedTime(file).toMillis());
                    } else {
                        Files.deleteIfExists(file);
                    }
                } catch (NoSuchFileException e) {
                    LOG.trace("{} has ended", file);
                }
            }
        }
        return oldest;
    }

    private void removeStale() throws IOException {
        long before = System.currentTimeMillis() - STALE.toMillis();
        if (!Files.isDirectory(temporary)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(temporary)) {
            for (Path file : files) {
                try {
                    if (Files.getLastModifiedTime(file).toMillis() < before) {
                        Files.deleteIfExists(file);
                    }
                } catch (NoSuchFileException e) {
                    LOG.trace("{} has arrived", file);
                }
            }
        }
    }

    private List<Kept> list() throws IOException {
        List<Kept> all = new ArrayList<>();
        try (DirectoryStream<Path> shards = Files.newDirectoryStream(directory, "[0-9a-f][0-9a-f]")) {
            for (Path shard : shards) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(shard)) {
                    for (Path file : files) {
                        try {
                            FileStamp stamp = FileStamp.of(file);
                            all.add(new Kept(file, stamp.size(), stamp.modified() / 1_000_000));
                        } catch (NoSuchFileException e) {
                            LOG.trace("{} was removed as damaged", file);
                        }
                    }
                }
            }
        }
        return all;
    }
}
