package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.files.Sha256;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
 * the file's last change is not remembered: a second change could leave the same stamp.
 *
 * <p>The cache is a help, never the truth: a damaged or missing one only costs time.
 */
final class DigestCache {
    private static final Logger LOG = LoggerFactory.getLogger(DigestCache.class);
    private static final String HEADER = "distributed-test digests 1";

    private final Path file;
    private final Map<String, Known> before;

    private record Known(Sha256 sha, FileStamp stamp) {}

    private DigestCache(Path file, Map<String, Known> before) {
        this.file = file;
        this.before = before;
    }

    /**
     * Reads a cache.
     *
     * @param file its file, which need not exist; null for a cache that remembers nothing
     */
    static DigestCache open(Path file) {
        if (file == null) {
            return new DigestCache(null, Map.of());
        }
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            return new DigestCache(file, read(reader));
        } catch (NoSuchFileException e) {
            return new DigestCache(file, Map.of());
        } catch (IOException | RuntimeException e) {
            LOG.warn("The cache of digests {} cannot be read; every file is read again: {}", file, e.toString());
            return new DigestCache(file, Map.of());
        }
    }

    private static Map<String, Known> read(BufferedReader reader) throws IOException {
        Map<String, Known> known = new HashMap<>();
        if (!HEADER.equals(reader.readLine())) {
            return known;
        }
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            String[] parts = line.split(" ", 6);
            Sha256 sha = Sha256.parse(parts[0]);
            if (parts.length != 6 || sha == null) {
                throw new IOException("not a line of it: " + Paths.printable(line));
            }
            FileStamp stamp = new FileStamp(
                    FileStamp.Type.FILE,
                    false,
                    Long.parseLong(parts[1]),
                    Long.parseLong(parts[2]),
                    Long.parseLong(parts[3]),
                    Long.parseLong(parts[4]));
            known.put(parts[5], new Known(sha, stamp));
        }
        return known;
    }

    /** The digest of a file as it is now; null if it is not known. */
    Sha256 lookup(String path, FileStamp stamp) {
        Known known = before.get(path);
        return known != null && known.stamp().sameContent(stamp) ? known.sha() : null;
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
            return (read == 0 || stamp.isSettled(read)) && path.indexOf('\n') < 0 && path.indexOf('\r') < 0;
        }
    }

    /** Replaces the cache by what a scan has seen, unless that adds nothing. */
    void save(List<Seen> seen) {
        if (file == null || seen.stream().allMatch(one -> one.read() == 0) && seen.size() == before.size()) {
            return;
        }
        Path temporary = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID());
        try {
            Files.createDirectories(file.getParent());
            try (BufferedWriter writer = Files.newBufferedWriter(temporary, StandardCharsets.UTF_8)) {
                writer.write(HEADER + "\n");
                for (Seen one : seen) {
                    if (one.remembered()) {
                        FileStamp stamp = one.stamp();
                        writer.write(one.sha() + " " + stamp.size() + " " + stamp.modified() + " " + stamp.changed()
                                + " " + stamp.inode() + " " + one.path() + "\n");
                    }
                }
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

    private static void delete(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            LOG.debug("{} stays: {}", temporary, e.toString());
        }
    }
}
