package io.jenkins.plugins.distributedtest.files;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** Deletes whole trees. */
public final class DirectoryTree {
    private static final String OWNER_ONLY = "rwx------";

    private DirectoryTree() {}

    /**
     * Deletes a directory and all that is in it. A symbolic link is deleted, never followed; directories that tests
     * left without write permission are opened up first. Goes on past what cannot be deleted and reports the first
     * such thing at the end.
     *
     * @param root the directory; nothing happens if it does not exist
     * @throws IOException if something is left; the message names it
     */
    public static void delete(Path root) throws IOException {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Deleter deleter = new Deleter();
        Files.walkFileTree(root, deleter);
        if (deleter.first != null) {
            throw deleter.first;
        }
    }

    private static final class Deleter extends SimpleFileVisitor<Path> {
        private @Nullable IOException first;

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            openUp(directory);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            // A directory that could not be listed: open it up and go through it on its own.
            if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS) && !Files.isReadable(file) && openUp(file)) {
                Files.walkFileTree(file, this);
            } else {
                delete(file);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) {
            delete(directory);
            return FileVisitResult.CONTINUE;
        }

        private void delete(Path path) {
            try {
                Files.delete(path);
            } catch (NoSuchFileException e) {
                return; // somebody else was faster
            } catch (IOException e) {
                if (first == null) {
                    first = new IOException("Cannot delete " + path + ": " + e, e);
                }
            }
        }

        private static boolean openUp(Path directory) {
            PosixFileAttributeView view =
                    Files.getFileAttributeView(directory, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
            if (view == null) {
                return false;
            }
            try {
                var permissions = view.readAttributes().permissions();
                if (permissions.addAll(PosixFilePermissions.fromString(OWNER_ONLY))) {
                    view.setPermissions(permissions);
                    return true;
                }
                return false;
            } catch (IOException e) {
                return false; // deleting will fail and say why
            }
        }
    }
}
