package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.files.PlainFile;
import io.jenkins.plugins.distributedtest.files.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Walks a directory and takes its {@linkplain Manifest manifest}: files are hashed by a few threads, those that have
 * not changed since the last scan not at all. Links are noted, never followed.
 *
 * <p>A tree must keep still while it is read: a file that vanishes or keeps changing is an error that names it, since
 * a digest of half an old and half a new tree would be of no tree at all.
 */
public final class TreeDigest {
    private static final Logger LOG = LoggerFactory.getLogger(TreeDigest.class);
    private static final int BUFFER = 64 << 10;
    private static final int ATTEMPTS = 10;
    /** From then on a file that only grows counts as what it was when it was begun to read: a log, say. */
    private static final int GROWING = 2;

    private final Path top;
    private final ExcludePatterns exclude;
    private final DigestCache cache;
    private final List<Manifest.Entry> entries = Collections.synchronizedList(new ArrayList<>());
    private final List<Pending> pending = Collections.synchronizedList(new ArrayList<>());
    private final List<DigestCache.Seen> seen = Collections.synchronizedList(new ArrayList<>());

    private record Pending(Path file, String path, FileStamp stamp) {}

    /** A directory to look into; an empty prefix is the top's. */
    private record Directory(Path path, String prefix) {}

    private TreeDigest(Path top, ExcludePatterns exclude, Path cacheFile) {
        this.top = top;
        this.exclude = exclude;
        this.cache = DigestCache.open(cacheFile, top);
    }

    /**
     * Takes the manifest of a directory.
     *
     * @param directory the directory
     * @param exclude what is left out
     * @param cacheFile where digests are remembered; null for nowhere
     * @throws SyncException of kind FAILED if the directory or a file in it cannot be read, vanishes or keeps changing,
     *     or has a name that is not text; the message names it
     * @throws InterruptedException when interrupted
     */
    public static Manifest scan(Path directory, ExcludePatterns exclude, Path cacheFile)
            throws SyncException, InterruptedException {
        if (!Files.isDirectory(directory)) {
            throw failed("There is no directory " + directory, null);
        }
        return new TreeDigest(directory, exclude, cacheFile).scan();
    }

    private Manifest scan() throws SyncException, InterruptedException {
        List<Directory> level = List.of(new Directory(top, ""));
        while (!level.isEmpty()) {
            List<Directory> next = Collections.synchronizedList(new ArrayList<>());
            SyncPool.forEach(level, directory -> walk(directory, next));
            level = List.copyOf(next);
        }
        SyncPool.forEach(List.copyOf(pending), this::hash);
        Manifest manifest = Manifest.of(entries);
        cache.save(seen);
        return manifest;
    }

    /** Notes what a directory holds, and which directories are to be looked into next. */
    private void walk(Directory directory, List<Directory> next) throws SyncException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        boolean any = false;
        try (DirectoryStream<Path> children = Files.newDirectoryStream(directory.path())) {
            for (Path child : children) {
                any |= visit(child, directory.prefix() + name(child), next);
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw unreadable(directory.path(), e);
        }
        if (!any && !directory.prefix().isEmpty()) {
            String path = directory.prefix().substring(0, directory.prefix().length() - 1);
            entries.add(new Manifest.Entry(path, Manifest.Kind.DIRECTORY, 0, null, null));
        }
    }

    private String name(Path child) throws SyncException {
        String name = child.getFileName().toString();
        if (name.indexOf('\uFFFD') >= 0) {
            throw failed(
                    "The name of " + child + " is not text in this process's encoding, "
                            + System.getProperty("sun.jnu.encoding")
                            + ": rename it, exclude it by ?, or set LC_ALL=C.UTF-8",
                    null);
        }
        return name;
    }

    /** Notes one thing; returns whether it belongs to the tree. */
    private boolean visit(Path file, String path, List<Directory> next) throws SyncException {
        FileStamp stamp;
        try {
            stamp = FileStamp.of(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        if (exclude.excludes(path, stamp.type() == FileStamp.Type.DIRECTORY)) {
            return false;
        }
        if (stamp.type() == FileStamp.Type.OTHER) {
            LOG.warn(
                    "{} is no file but a pipe, socket or device: it does not travel; exclude it to be rid of this",
                    file);
            return false;
        }
        switch (stamp.type()) {
            case DIRECTORY -> next.add(new Directory(file, path + "/"));
            case LINK -> entries.add(new Manifest.Entry(path, Manifest.Kind.LINK, 0, null, target(file)));
            default -> file(file, path, stamp);
        }
        return true;
    }

    private String target(Path link) throws SyncException {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            throw unreadable(link, e);
        }
    }

    private void file(Path file, String path, FileStamp stamp) {
        Sha256 known = stamp.size() == 0 ? Sha256.EMPTY : cache.lookup(path, stamp);
        if (known == null) {
            pending.add(new Pending(file, path, stamp));
        } else {
            entries.add(entry(path, stamp, known));
            if (stamp.size() > 0) {
                seen.add(new DigestCache.Seen(path, stamp, known, 0));
            }
        }
    }

    private static Manifest.Entry entry(String path, FileStamp stamp, Sha256 sha) {
        Manifest.Kind kind = stamp.executable() ? Manifest.Kind.EXECUTABLE : Manifest.Kind.FILE;
        return new Manifest.Entry(path, kind, stamp.size(), sha, null);
    }

    private void hash(Pending file) throws SyncException, InterruptedException {
        FileStamp before = file.stamp();
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                long began = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
                Sha256 sha = read(file.file(), before.size());
                FileStamp after = FileStamp.of(file.file());
                if (after.type() == FileStamp.Type.FILE && after.sameContent(before)) {
                    entries.add(entry(file.path(), after, sha));
                    seen.add(new DigestCache.Seen(file.path(), after, sha, began));
                    return;
                }
                if (attempt >= GROWING && hasGrown(before, after)) {
                    entries.add(entry(file.path(), before, sha));
                    return;
                }
                before = after;
            }
        } catch (ClosedByInterruptException e) {
            throw new InterruptedException();
        } catch (IOException e) {
            throw unreadable(file.file(), e);
        }
        throw failed(
                file.file() + " changes while the tree is read: exclude it, or let what writes it end first", null);
    }

    /** Whoever reads the file later checks the digest, so that one that was changed otherwise is found out. */
    private static boolean hasGrown(FileStamp before, FileStamp after) {
        return after.type() == FileStamp.Type.FILE
                && before.type() == FileStamp.Type.FILE
                && after.inode() == before.inode()
                && after.size() > before.size();
    }

    /** The digest of a file's content; a link is not followed. */
    static Sha256 read(Path file) throws IOException, InterruptedException {
        return read(file, Long.MAX_VALUE);
    }

    private static Sha256 read(Path file, long length) throws IOException, InterruptedException {
        MessageDigest digest = Sha256.digest();
        byte[] buffer = new byte[BUFFER];
        long left = length;
        try (InputStream in = PlainFile.read(file)) {
            if (in == null) {
                throw new IOException("it is no regular file any more");
            }
            for (int n = read(in, buffer, left); n > 0; n = read(in, buffer, left)) {
                digest.update(buffer, 0, n);
                left -= n;
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedException();
                }
            }
        }
        return Sha256.result(digest);
    }

    private static int read(InputStream in, byte[] buffer, long most) throws IOException {
        return in.read(buffer, 0, (int) Math.min(buffer.length, most));
    }

    private static SyncException unreadable(Path file, Exception e) {
        Throwable cause = e instanceof DirectoryIteratorException ? e.getCause() : e;
        if (cause instanceof NoSuchFileException) {
            return failed(file + " vanished while the tree was read: exclude it, or let what deletes it end first", e);
        }
        String why = cause instanceof AccessDeniedException ? "no permission" : String.valueOf(cause.getMessage());
        return failed(file + " cannot be read (" + why + "): make it readable or exclude it", e);
    }

    private static SyncException failed(String message, Exception cause) {
        return new SyncException(SyncException.Kind.FAILED, message, cause);
    }
}
