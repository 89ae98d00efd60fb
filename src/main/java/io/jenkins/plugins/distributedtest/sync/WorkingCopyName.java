package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.files.HostName;
import io.jenkins.plugins.distributedtest.files.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * The name of a working copy's place on a file server. Gorgon uses {@code HOST_DIRECTORY}, which two people, or two
 * Jenkins jobs in directories of one name, share without knowing. Ours begins the same way, for people, and ends in a
 * digest of host, machine, user, whole path and an id that is made at random once: two working copies never share a
 * place, and one keeps its place from run to run.
 */
final class WorkingCopyName {
    private static final int DIGITS = 20;

    private WorkingCopyName() {}

    /**
     * The name: letters, digits, {@code . _ -} only.
     *
     * @param directory the working copy
     * @param cacheDirectory where the random id is kept; null for none
     */
    static String of(Path directory, Path cacheDirectory) throws SyncException {
        try {
            Path path = directory.toRealPath();
            String host = host();
            String identity = String.join(
                    "\0",
                    host,
                    machine(),
                    System.getProperty("user.name", ""),
                    path.toString(),
                    cacheDirectory == null ? "" : id(cacheDirectory));
            byte[] bytes = identity.getBytes(StandardCharsets.UTF_8);
            String hash = Sha256.of(bytes, 0, bytes.length).toString().substring(0, DIGITS);
            Path name = path.getFileName();
            return plain(host) + "_" + plain(name == null ? "root" : name.toString()) + "-" + hash;
        } catch (IOException e) {
            throw new SyncException(
                    SyncException.Kind.FAILED,
                    "No place on the file server can be named for " + directory + ": " + e.getMessage(),
                    e);
        }
    }

    private static String plain(String text) {
        String plain = text.replaceAll("[^A-Za-z0-9._-]", "_").replaceFirst("^[.-]+", "_");
        return plain.length() > 60 ? plain.substring(0, 60) : plain;
    }

    private static String host() {
        return HostName.get();
    }

    private static String machine() {
        try {
            return Files.readString(Path.of("/etc/machine-id")).strip();
        } catch (IOException e) {
            return ""; // not every system has one
        }
    }

    private static String id(Path cacheDirectory) throws IOException {
        Path file = cacheDirectory.resolve("id");
        Files.createDirectories(cacheDirectory);
        Path temporary = Files.createTempFile(cacheDirectory, "id", "");
        try {
            Files.writeString(temporary, UUID.randomUUID().toString(), StandardOpenOption.WRITE);
            Files.createLink(file, temporary); // fails if it is there: whoever comes first names it
        } catch (FileAlreadyExistsException | UnsupportedOperationException e) {
            if (!Files.exists(file)) {
                Files.copy(temporary, file);
            }
        } finally {
            Files.deleteIfExists(temporary);
        }
        return Files.readString(file).strip();
    }
}
