package io.jenkins.plugins.distributedtest.collect;

import io.jenkins.plugins.distributedtest.files.DirectoryTree;
import io.jenkins.plugins.distributedtest.files.Glob;
import io.jenkins.plugins.distributedtest.files.Sha256;
import io.jenkins.plugins.distributedtest.sync.FileStamp;
import io.jenkins.plugins.distributedtest.sync.Paths;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Finds what tests have left in one source tree, and copies it to a spool at once: what is there has the digest that is told,
 * whatever tests do to their files afterwards. Only regular files count, and no link is followed, neither of a file nor of a
 * directory on the way. What was there before the tests, and is as it was, is none of theirs.
 *
 * <p>For several threads; one looks at a time.
 */
final class Gathering {
    /** How many files it finds. */
    static final int MAX_FILES = 20_000;

    private static final Set<String> NEVER = Set.of(".git", ".distributed-test");
    private static final int TRIES = 3;
    private static final int BUFFER = 1 << 16;

    private final Path tree;
    private final List<Glob> globs;
    private final Spool spool;
    private final Map<String, FileStamp> before = new HashMap<>();
    private final Map<String, FileStamp> seen = new HashMap<>();

    /**
     * @param tree the source tree
     * @param globs what is to be found
     * @param spool where it is copied to
     */
    Gathering(Path tree, List<Glob> globs, Spool spool) {
        this.tree = tree;
        this.globs = globs;
        this.spool = spool;
    }

    /** Remembers what is there before the tests. */
    synchronized void baseline() throws IOException, CollectException {
        before.clear();
        before.putAll(find());
        seen.clear();
        seen.putAll(before);
    }

    /**
     * What has come since this was asked last.
     *
     * @param changed whether files count, too, that were there and have changed
     */
    synchronized List<CollectedFile> since(boolean changed) throws IOException, CollectException {
        List<CollectedFile> files = new ArrayList<>();
        for (Map.Entry<String, FileStamp> each : find().entrySet()) {
            FileStamp known = seen.get(each.getKey());
            if (known == null || changed && !known.sameContent(each.getValue())) {
                seen.put(each.getKey(), each.getValue());
                add(each.getKey(), files);
            }
        }
        return files;
    }

    /** All that is there now. */
    synchronized List<CollectedFile> all() throws IOException, CollectException {
        List<CollectedFile> files = new ArrayList<>();
        for (Map.Entry<String, FileStamp> each : find().entrySet()) {
            FileStamp known = before.get(each.getKey());
            if (known == null || !known.sameContent(each.getValue())) {
                add(each.getKey(), files);
            }
        }
        return files;
    }

    private void add(String path, List<CollectedFile> files) throws IOException, CollectException {
        CollectedFile file = spool.take(tree.resolve(path), path);
        if (file != null) {
            files.add(file);
        }
    }

    // ---- finding

    private Map<String, FileStamp> find() throws IOException, CollectException {
        Map<String, FileStamp> found = new TreeMap<>();
        Set<String> below = new LinkedHashSet<>();
        globs.forEach(glob -> below.addAll(glob.directories()));
        for (String directory : below) {
            Path start = directory(directory);
            if (start != null) {
                Files.walkFileTree(start, new Finder(found));
            }
        }
        if (found.size() > MAX_FILES) {
            throw new CollectException("More than " + MAX_FILES + " files match collect in " + tree + ", among them "
                    + found.keySet().iterator().next() + ": name fewer");
        }
        return found;
    }

    /** A directory of the tree; null if it is none, or a link leads there. */
    private @Nullable Path directory(String path) {
        Path at = tree;
        for (String name : path.isEmpty() ? new String[0] : path.split("/")) {
            at = at.resolve(name);
            if (!Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
                return null;
            }
        }
        return at;
    }

    private final class Finder extends SimpleFileVisitor<Path> {
        private final Map<String, FileStamp> found;

        Finder(Map<String, FileStamp> found) {
            this.found = found;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            Path name = directory.getFileName();
            boolean left = !directory.equals(tree) && name != null && NEVER.contains(name.toString());
            return left ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            if (attributes.isRegularFile()) {
                String path = tree.relativize(file).toString().replace('\\', '/');
                if (globs.stream().anyMatch(glob -> glob.matchesHidden(path)) && Paths.fault(path) == null) {
                    try {
                        found.put(path, FileStamp.of(file));
                    } catch (NoSuchFileException e) {
                        return FileVisitResult.CONTINUE; // gone again
                    }
                }
            }
            return found.size() > MAX_FILES ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
        }

        /** What vanishes, or cannot be read, while tests go on. */
        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) {
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) {
            return FileVisitResult.CONTINUE;
        }
    }

    // ---- copying

    /** Contents by their digest, kept until they are brought back. For one share; its trees may take turns. */
    static final class Spool {
        private final Path directory;
        private final long maxBytes;
        private long bytes;

        /**
         * @param directory where it is; made when missing
         * @param maxBytes how many bytes it takes
         */
        Spool(Path directory, long maxBytes) {
            this.directory = directory;
            this.maxBytes = maxBytes;
        }

        /** Removes all. */
        synchronized void delete() throws IOException {
            DirectoryTree.delete(directory);
        }

        /** Where a content is. */
        Path path(String digest) {
            return directory.resolve(digest);
        }

        /**
         * Copies a file.
         *
         * @param path its path in its tree
         * @return null if it is gone, or no regular file any more
         */
        @Nullable
        synchronized CollectedFile take(Path file, String path) throws IOException, CollectException {
            Files.createDirectories(directory);
            Path copy = directory.resolve("copy-" + UUID.randomUUID());
            try {
                for (int i = 1; ; i++) {
                    FileStamp stamp = FileStamp.of(file);
                    if (stamp.type() != FileStamp.Type.FILE) {
                        return null;
                    }
                    check(path, stamp.size(), 0);
                    CollectedFile copied = copy(file, path, copy);
                    if (i == TRIES || stamp.sameContent(FileStamp.of(file))) {
                        return keep(copied, copy);
                    }
                }
            } catch (NoSuchFileException e) {
                return null;
            } finally {
                Files.deleteIfExists(copy);
            }
        }

        private void check(String path, long size, long others) throws CollectException {
            if (size > maxBytes - others) {
                throw new CollectException(String.format(
                        "The files that match collect have more than the limit of %,d bytes, with %s (%,d bytes): name"
                                + " fewer files in collect, or raise max_collected",
                        maxBytes, Paths.printable(path), size));
            }
        }

        private CollectedFile copy(Path file, String path, Path copy) throws IOException, CollectException {
            MessageDigest digest = Sha256.digest();
            long size = 0;
            try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
                    OutputStream out = Files.newOutputStream(
                            copy,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE)) {
                byte[] buffer = new byte[BUFFER];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    size += n;
                    check(path, size, 0);
                    digest.update(buffer, 0, n);
                    out.write(buffer, 0, n);
                }
            }
            return new CollectedFile(path, size, Sha256.result(digest).toString());
        }

        private CollectedFile keep(CollectedFile file, Path copy) throws IOException, CollectException {
            Path kept = path(file.digest());
            if (!Files.exists(kept)) {
                check(file.path(), file.size(), bytes);
                Files.move(copy, kept, StandardCopyOption.ATOMIC_MOVE);
                bytes += file.size();
            }
            return file;
        }
    }
}
