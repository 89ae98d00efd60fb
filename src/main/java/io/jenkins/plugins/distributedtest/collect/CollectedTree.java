package io.jenkins.plugins.distributedtest.collect;

import io.jenkins.plugins.distributedtest.files.DirectoryTree;
import io.jenkins.plugins.distributedtest.files.Sha256;
import io.jenkins.plugins.distributedtest.sync.Paths;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A directory of collected files on this machine.
 *
 * <p>It belongs to one run: what an earlier one left there is removed, which is told by a file {@value #MARKER} in it.
 * Contents are kept in {@value #CONTENT} beside the files as long as the run goes on. Nothing is ever written through a
 * link: each directory on the way, from the project's own on, is looked at first.
 */
public final class CollectedTree implements CollectSink {
    /** Tells that the directory is ours to empty. */
    static final String MARKER = ".collected";

    private static final String CONTENT = ".content";

    private final Path bound;
    private final Path root;
    private final Path content;

    /**
     * @param bound the project's directory: what is below it is looked at for links
     * @param root where the files go, below it
     * @throws IllegalArgumentException if that is not below it
     */
    public CollectedTree(Path bound, Path root) {
        this.bound = bound.toAbsolutePath().normalize();
        this.root = root.toAbsolutePath().normalize();
        if (!this.root.startsWith(this.bound) || this.root.equals(this.bound)) {
            throw new IllegalArgumentException("Collected files would go to " + root + ", which is not below " + bound
                    + ": name a directory of its own in collect_to");
        }
        content = this.root.resolve(CONTENT);
    }

    @Override
    public void begin() throws IOException {
        make(root.getParent());
        if (Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            checkOurs();
            DirectoryTree.delete(root);
        }
        make(content);
        Files.createFile(root.resolve(MARKER));
    }

    private void checkOurs() throws IOException {
        if (Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
            if (Files.isRegularFile(root.resolve(MARKER), LinkOption.NOFOLLOW_LINKS)) {
                return;
            }
            try (var entries = Files.newDirectoryStream(root)) {
                if (!entries.iterator().hasNext()) {
                    return;
                }
            }
        }
        throw new IOException("Collected files would go to " + root
                + ", which has something else in it that no run has brought back: remove it, or name another directory"
                + " in collect_to");
    }

    @Override
    public List<String> lacking(List<String> digests) {
        return digests.stream()
                .distinct()
                .filter(digest -> !Files.isRegularFile(whole(digest), LinkOption.NOFOLLOW_LINKS))
                .toList();
    }

    private Path whole(String digest) {
        return content.resolve(checked(digest));
    }

    private Path partial(String digest) {
        return content.resolve(checked(digest) + ".part");
    }

    private static String checked(String digest) {
        Sha256 sha = Sha256.parse(digest);
        if (sha == null) {
            throw new IllegalArgumentException("Not a digest: " + Paths.printable(digest));
        }
        return sha.toString();
    }

    @Override
    public boolean write(String digest, long offset, long total, byte[] data) throws IOException {
        make(content);
        Path partial = partial(digest);
        if (offset == 0) {
            DirectoryTree.delete(partial);
            Files.createFile(partial);
        } else if (!Files.isRegularFile(partial, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("The beginning of a content that was being brought back is gone from " + content);
        }
        try (RandomAccessFile file = new RandomAccessFile(partial.toFile(), "rw")) {
            file.seek(offset);
            file.write(data);
            file.setLength(offset + data.length);
        }
        if (offset + data.length < total) {
            return true;
        }
        if (!Sha256.of(partial).toString().equals(digest)) {
            Files.delete(partial);
            return false;
        }
        Files.move(partial, whole(digest), StandardCopyOption.REPLACE_EXISTING);
        return true;
    }

    @Override
    public void place(String directory, List<CollectedFile> files) throws IOException {
        for (CollectedFile file : files) {
            String path = directory + "/" + file.path();
            String fault = Paths.fault(path);
            if (fault != null) {
                throw new IOException("Not a path of a collected file: " + Paths.printable(path) + ": " + fault);
            }
            Path target = root.resolve(path).normalize();
            if (!target.startsWith(root) || target.startsWith(content)) {
                throw new IOException("Not a path of a collected file: " + Paths.printable(path));
            }
            make(target.getParent());
            DirectoryTree.delete(target);
            copy(file, target);
        }
    }

    private void copy(CollectedFile file, Path target) throws IOException {
        MessageDigest digest = Sha256.digest();
        try (InputStream in = Files.newInputStream(whole(file.digest()), LinkOption.NOFOLLOW_LINKS);
                OutputStream out = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW)) {
            in.transferTo(new DigestOutputStream(out, digest));
        }
        if (!Sha256.result(digest).toString().equals(file.digest())) {
            throw new IOException("The disk does not keep what was brought back: " + target);
        }
    }

    @Override
    public void end() throws IOException {
        DirectoryTree.delete(content);
    }

    /** Makes a directory and those above it, below the bound; none of them is a link. */
    private void make(@Nullable Path directory) throws IOException {
        Path at = bound;
        if (directory == null) {
            return; // it is below the bound, and so is never without one above
        }
        for (Path name : bound.relativize(directory)) {
            at = name.toString().isEmpty() ? at : at.resolve(name);
            if (!Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(at);
            } else if (!Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException("Collected files would go through " + at
                        + ", which is a link or no directory: remove it, or name another directory in collect_to");
            }
        }
    }
}
