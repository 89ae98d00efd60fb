package io.jenkins.plugins.distributedtest.files;

import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why something failed, in words: some messages of the platform are only the name of a file or a host. */
public final class Reason {
    private Reason() {}

    /** The reason of a failure, for people; never empty. */
    public static String of(Throwable failure) {
        String message = failure.getMessage();
        if (message == null || message.isBlank()) {
            return failure.getClass().getSimpleName();
        }
        if (failure instanceof NoSuchFileException) {
            return message + ": no such file or directory";
        }
        if (failure instanceof AccessDeniedException) {
            return message + ": permission denied";
        }
        if (failure instanceof FileAlreadyExistsException) {
            return message + ": it exists already, and is no directory";
        }
        if (failure instanceof UnknownHostException) {
            return message + ": the name of this host is not known";
        }
        boolean bare = failure instanceof FileSystemException file && file.getReason() == null;
        return bare ? message + ": " + failure.getClass().getSimpleName() : message;
    }
}
