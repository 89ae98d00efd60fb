package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.files.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers digests of files from scan to scan, so that what has not changed is not read again. A file counts as
 * unchanged while its size, modification time, inode and inode change time are the same. A digest taken within 2 s of
 * the file's last change is not remembered: a second change could leave the same stamp. Nothing is remembered on a file
 * system that has no inode change time, and nothing is believed after the clock was set back.
 *
 * <p>The cache is a help, never the truth: one that is missing, damaged, of another directory or of another version only
 * costs time. It ends in a SHA-256 of itself, since a wrong digest in it would be taken for a file's.
 */
final class DigestCache {
    private static final Logger LOG = LoggerFactory.getLogger(DigestCache.class);
    private static final String HEADER = "distributed-test digests 2";
    /** Some 500,000 files with long names. */
    private static final long MAX_BYTES = 256L << 20;

    private final Path file;
    private final String directory;
    private final Map<String, Known> before;
    private final ClockMark began = ClockMark.now();

    private record Known(Sha256 sha, long size, long modified, long changed, long inode) {
        private boolean isOf(FileStamp stamp) {
            return stamp.tellsOfChanges()
                    && size == stamp.size()
                    && modified == stamp.modified()
                    && changed == stamp.changed()
                    && inode == stamp.inode();
        }
    }

    private DigestCache(Path file, String directory, Map<String, Known> before) {
        this.file = file;
        this.directory = directory;
        this.before = before;
    }

    /**
     * Reads a cache.
     *
     * @param file its file, which need not exist; null for a cache that remembers nothing
     * @param directory the directory whose files it is about
     */
    static DigestCache open(Path file, Path directory) {
        if (file == null) {
            return new DigestCache(null, "", Map.of());
        }
        String name = Sha256.of(
                        directory.toAbsolutePath().normalize().toString().getBytes(StandardCharsets.UTF_8))
                .toString();
        try {
            return new DigestCache(file, name, read(file, name, ClockMark.now()));
        } catch (NoSuchFileException e) {
            return new DigestCache(file, name, Map.of());
        } catch (IOException | RuntimeException e) {
            LOG.warn("The cache of digests {} cannot be read; every file is read again: {}", file, e.toString());
            return new DigestCache(file, name, Map.of());
        }
    }

    private static Map<String, Known> read(Path file, String directory, ClockMark now) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException("it is not a regular file");
            }
            return Map.of();
        }
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException("it is larger than " + MAX_BYTES + " bytes");
        }
        byte[] bytes = Files.readAllBytes(file);
        String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n", -1);
        int last = lines.length - 2;
        if (!lines[0].equals(HEADER)) {
            return Map.of(); // an older version's
        }
        if (last < 3 || !lines[last + 1].isEmpty()) {
            throw new IOException("it is not whole");
        }
        int end = bytes.length - lines[last].length() - 1;
        if (end < 0 || !Sha256.of(bytes, 0, end).toString().equals(lines[last])) {
            throw new IOException("it is damaged");
        }
        ClockMark written = mark(lines[2]);
        if (!lines[1].equals(directory) || !written.isSoundUntil(now)) {
            return Map.of(); // another directory's, or the clock was set back: nothing that it says need hold
        }
        Map<String, Known> known = new HashMap<>(lines.length * 2);
        for (int i = 3; i < last; i++) {
            parse(lines[i], known);
        }
        return known;
    }

    private static ClockMark mark(String line) throws IOException {
        String[] parts = line.split(" ", 3);
        if (parts.length != 3) {
            throw new IOException("not a time: " + Paths.printable(line));
        }
        return new ClockMark(Long.parseLong(parts[0]), Long.parseLong(parts[1]), parts[2]);
    }

    private static void parse(String line, Map<String, Known> known) throws IOException {
        String[] parts = line.split(" ", 6);
        Sha256 sha = Sha256.parse(parts[0]);
        if (parts.length != 6 || sha == null) {
            throw new IOException("not a line of it: " + Paths.printable(line));
        }
        known.put(
                parts[5],
                new Known(
                        sha,
                        Long.parseLong(parts[1]),
                        Long.parseLong(parts[2]),
                        Long.parseLong(parts[3]),
                        Long.parseLong(parts[4])));
    }

    /** The digest of a file as it is now; null if it is not known. */
    Sha256 lookup(String path, FileStamp stamp) {
        Known known = before.get(path);
        return known != null && known.isOf(stamp) ? known.sha() : null;
    }

    /**
     * A file with its digest.
     *
     * @param path its path
     * @param stamp its stamp, the same before and after reading
     * @param sha its digest
     * @param read when reading began, in ns since 1970; 0 if the digest came from the cache
     */
    record Seen(String path, FileStamp stamp, Sha256 sha, long read) {
        private boolean remembered() {
            return (read == 0 || stamp.isSettled(read) && stamp.tellsOfChanges())
                    && path.indexOf('\n') < 0
                    && path.indexOf('\r') < 0;
        }
    }

    /** Replaces the cache by what a scan has seen, unless that adds nothing. */
    void save(List<Seen> seen) {
        boolean adds = seen.stream().anyMatch(one -> one.read() != 0 && one.remembered());
        if (file == null || !adds && seen.size() == before.size()) {
            return;
        }
        if (!began.isSoundUntil(ClockMark.now())) {
            LOG.warn("The clock was set back while {} was read: nothing is remembered of it", file);
            return;
        }
        Path temporary = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID());
        try {
            Files.createDirectories(file.getParent());
            byte[] text = text(seen).getBytes(StandardCharsets.UTF_8);
            try (var out = Files.newOutputStream(temporary)) {
                out.write(text);
                out.write((Sha256.of(text) + "\n").getBytes(StandardCharsets.US_ASCII));
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.warn(
                    "The cache of digests {} cannot be written; the next run reads every file again: {}",
                    file,
                    e.toString());
            delete(temporary);
        }
    }

    private String text(List<Seen> seen) {
        StringBuilder text = new StringBuilder(200 + seen.size() * 160)
                .append(HEADER)
                .append('\n')
                .append(directory)
                .append('\n')
                .append(began.wall() + " " + began.steady() + " " + began.boot() + "\n");
        for (Seen one : seen) {
            if (one.remembered()) {
                FileStamp stamp = one.stamp();
                text.append(one.sha()).append(' ').append(stamp.size());
                text.append(' ').append(stamp.modified()).append(' ').append(stamp.changed());
                text.append(' ').append(stamp.inode()).append(' ').append(one.path());
                text.append('\n');
            }
        }
        return text.toString();
    }

    private static void delete(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            LOG.debug("{} stays: {}", temporary, e.toString());
        }
    }
}
