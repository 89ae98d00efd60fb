package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.files.PlainFile;
import io.jenkins.plugins.distributedtest.files.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Lays a tree out in a workspace, by copying: tests may write into their files, so nothing may be shared. Every file is
 * hashed while it is copied, so what is laid out is the tree of the manifest or an error.
 *
 * <p>Nothing can be written outside: the workspace starts empty or with nothing but entries of the same tree, a manifest's
 * paths were checked, files are only ever created anew, and links come last, when nothing is written through them any
 * more.
 */
final class Workspaces {
    private static final int BUFFER = 64 << 10;

    private Workspaces() {}

    /** Where a file's bytes come from. */
    interface Content {
        /** Opens them. */
        InputStream open(Manifest.Entry entry) throws IOException;

        /** When a file was modified; null if that is not known. */
        default FileTime modified(Manifest.Entry entry) throws IOException {
            return null;
        }

        /** The files of a directory, with their times. */
        static Content of(Path directory) {
            return new Content() {
                @Override
                public InputStream open(Manifest.Entry entry) throws IOException {
                    InputStream in = PlainFile.read(directory.resolve(entry.path()));
                    if (in == null) {
                        throw new IOException(entry.path() + " is no regular file");
                    }
                    return in;
                }

                @Override
                public FileTime modified(Manifest.Entry entry) throws IOException {
                    return Files.getLastModifiedTime(directory.resolve(entry.path()), LinkOption.NOFOLLOW_LINKS);
                }
            };
        }
    }

    /**
     * Lays out a tree.
     *
     * @param manifest the tree
     * @param content where bytes come from
     * @param workspace an empty directory, or none; made then
     * @return files whose content is missing or not what the manifest says; they are not there
     * @throws SyncException if something cannot be written
     * @throws InterruptedException when interrupted
     */
    static List<Manifest.Entry> layOut(Manifest manifest, Content content, Path workspace)
            throws SyncException, InterruptedException {
        makeEmpty(workspace);
        return complete(manifest, content, workspace, Set.of());
    }

    /**
     * Lays out what a workspace lacks of a tree.
     *
     * @param manifest the tree
     * @param content where bytes come from
     * @param workspace a directory that has nothing but what belongs to the tree
     * @param there paths of files and links that it has already
     * @return files whose content is missing or not what the manifest says; they are not there
     * @throws SyncException if something cannot be written
     * @throws InterruptedException when interrupted
     */
    static List<Manifest.Entry> complete(Manifest manifest, Content content, Path workspace, Set<String> there)
            throws SyncException, InterruptedException {
        List<Manifest.Entry> files = new ArrayList<>();
        List<Manifest.Entry> links = new ArrayList<>();
        for (Manifest.Entry entry : manifest.entries()) {
            if (entry.kind() != Manifest.Kind.DIRECTORY && !there.contains(entry.path())) {
                (entry.kind() == Manifest.Kind.LINK ? links : files).add(entry);
            }
        }
        for (String directory : new TreeSet<>(manifest.directories())) {
            makeDirectory(workspace, directory);
        }
        List<Manifest.Entry> bad = fill(files, content, workspace);
        for (Manifest.Entry link : links) {
            makeLink(workspace, link);
        }
        return bad;
    }

    /**
     * Copies files into a workspace that is laid out.
     *
     * @return files whose content is missing or wrong
     */
    static List<Manifest.Entry> fill(List<Manifest.Entry> files, Content content, Path workspace)
            throws SyncException, InterruptedException {
        List<Manifest.Entry> bad = Collections.synchronizedList(new ArrayList<>());
        SyncPool.forEach(files, file -> {
            if (!copy(file, content, workspace)) {
                bad.add(file);
            }
        });
        return bad;
    }

    private static void makeEmpty(Path workspace) throws SyncException {
        try {
            Files.createDirectories(workspace);
            try (DirectoryStream<Path> any = Files.newDirectoryStream(workspace)) {
                if (any.iterator().hasNext()) {
                    throw new SyncException(
                            SyncException.Kind.FAILED, "The workspace " + workspace + " is not empty: remove it");
                }
            }
        } catch (IOException e) {
            throw unwritable(workspace, e);
        }
    }

    private static Path resolve(Path workspace, String path) throws SyncException {
        try {
            return workspace.resolve(path);
        } catch (InvalidPathException e) {
            throw new SyncException(
                    SyncException.Kind.FAILED,
                    "The file name " + Paths.printable(path) + " cannot be written in this process's encoding, "
                            + System.getProperty("sun.jnu.encoding") + ": start the listener with LC_ALL=C.UTF-8",
                    e);
        }
    }

    private static void makeDirectory(Path workspace, String path) throws SyncException {
        Path directory = resolve(workspace, path);
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw unwritable(directory, e);
        }
    }

    private static void makeLink(Path workspace, Manifest.Entry link) throws SyncException {
        Path path = resolve(workspace, link.path());
        try {
            Files.createSymbolicLink(path, path.getFileSystem().getPath(link.target()));
        } catch (IOException | InvalidPathException | UnsupportedOperationException e) {
            throw unwritable(path, e);
        }
    }

    private static boolean copy(Manifest.Entry file, Content content, Path workspace)
            throws SyncException, InterruptedException {
        Path to = resolve(workspace, file.path());
        MessageDigest digest = Sha256.digest();
        long length = 0;
        try (OutputStream out = Files.newOutputStream(to, StandardOpenOption.CREATE_NEW, LinkOption.NOFOLLOW_LINKS)) {
            if (file.size() > 0) {
                InputStream in;
                try {
                    in = content.open(file);
                } catch (IOException e) {
                    in = InputStream.nullInputStream(); // as good as damaged: the digest will say so
                }
                length = copy(in, out, digest);
            }
        } catch (ClosedByInterruptException e) {
            throw new InterruptedException();
        } catch (IOException e) {
            throw unwritable(to, e);
        }
        try {
            if (length != file.size() || !Sha256.result(digest).equals(file.sha())) {
                Files.delete(to);
                return false;
            }
            if (file.kind() == Manifest.Kind.EXECUTABLE) {
                Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            FileTime modified = content.modified(file);
            if (modified != null) {
                Files.setLastModifiedTime(to, modified);
            }
        } catch (IOException e) {
            throw unwritable(to, e);
        }
        return true;
    }

    private static long copy(InputStream from, OutputStream out, MessageDigest digest)
            throws IOException, InterruptedException {
        byte[] buffer = new byte[BUFFER];
        long length = 0;
        try (InputStream in = from) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedException();
                }
                out.write(buffer, 0, n);
                digest.update(buffer, 0, n);
                length += n;
            }
        }
        return length;
    }

    private static SyncException unwritable(Path path, Exception e) {
        String why = e instanceof FileAlreadyExistsException
                ? "it is there already; does the file system tell upper from lower case?"
                : String.valueOf(e.getMessage());
        return new SyncException(SyncException.Kind.FAILED, path + " cannot be written: " + why, e);
    }
}
