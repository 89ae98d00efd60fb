package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.files.DirectoryTree;
import io.jenkins.plugins.distributedtest.files.OwnerOnly;
import io.jenkins.plugins.distributedtest.files.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The runners' scripts and jars, which lie beside this class as resources, as files on disk.
 *
 * <p>They are put once into a directory of this user's, named by a hash of their content, so that versions do not
 * meet and nothing has to be unpacked twice: {@code $XDG_CACHE_HOME/distributed-test/runner-HASH}, or below
 * {@code ~/.cache}; or, where that cannot be written to or is not this user's alone, into a temporary directory that
 * goes with this process. Each process compares what it finds there, byte by byte, before it uses it.
 */
final class Bundled {

    private static Path directory;

    private Bundled() {}

    /**
     * The file of a resource.
     *
     * @param name its path below this package's directory, such as {@code node/node_runner.mjs}
     * @throws RunnerException if the files cannot be written or this one is not bundled
     */
    static Path file(String name) throws RunnerException {
        Path file = directory().resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new RunnerException("This build of distributed-test lacks " + name, "", false);
        }
        return file;
    }

    /** The jars in a directory of resources, sorted by name. */
    static List<Path> jars(String name) throws RunnerException {
        try (Stream<Path> files = Files.list(directory().resolve(name))) {
            return files.filter(f -> f.toString().endsWith(".jar")).sorted().toList();
        } catch (IOException e) {
            throw new RunnerException("This build of distributed-test lacks " + name + " (" + e + ")", "", false);
        }
    }

    private static synchronized Path directory() throws RunnerException {
        if (directory == null || !Files.isDirectory(directory)) {
            try {
                directory = unpack(resources(), cache());
            } catch (IOException | UncheckedIOException | URISyntaxException e) {
                throw new RunnerException("Cannot unpack the runners' files: " + e, "", false);
            }
        }
        return directory;
    }

    /** Where this user's caches are; null if that is not known. */
    private static Path cache() {
        String cache = System.getenv("XDG_CACHE_HOME");
        if (cache != null && Path.of(cache).isAbsolute()) {
            return Path.of(cache);
        }
        // A user without an entry in the system's list of users has "?" for a home.
        Path home = Path.of(System.getProperty("user.home", ""));
        return home.isAbsolute() ? home.resolve(".cache") : null;
    }

    /**
     * Puts files into a directory that only this user can write to.
     *
     * @param cache where it is kept for the next process; null if nowhere
     */
    static Path unpack(SortedMap<String, byte[]> files, Path cache) throws IOException {
        if (cache != null) {
            try {
                Path parent = OwnerOnly.claim(cache.resolve("distributed-test"), true);
                return write(OwnerOnly.claim(parent.resolve("runner-" + hash(files)), false), files);
            } catch (IOException e) {
                // Not writable, or not only ours: a directory of this process's own will do.
                return temporary(files);
            }
        }
        return temporary(files);
    }

    private static Path temporary(Map<String, byte[]> files) throws IOException {
        Path temporary = Files.createTempDirectory("distributed-test-");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(temporary), "runner-files-removal"));
        return write(temporary, files);
    }

    /**
     * Writes what is missing or different, file by file at one blow: another process may do the same at this moment,
     * or run what lies there, and the content is the same for all.
     */
    private static Path write(Path target, Map<String, byte[]> files) throws IOException {
        for (Map.Entry<String, byte[]> each : files.entrySet()) {
            Path file = target.resolve(each.getKey());
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    && Arrays.equals(Files.readAllBytes(file), each.getValue())) {
                continue;
            }
            Files.createDirectories(file.getParent());
            Path fresh = Files.createTempFile(file.getParent(), "new-", ".tmp");
            try {
                Files.write(fresh, each.getValue());
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(fresh);
            }
        }
        return target;
    }

    private static void delete(Path directory) {
        try {
            DirectoryTree.delete(directory);
        } catch (IOException e) {
            return; // what is left lies in a cache or a temporary directory
        }
    }

    private static String hash(SortedMap<String, byte[]> files) {
        MessageDigest digest = Sha256.digest();
        files.forEach((name, bytes) -> {
            digest.update((name + "\0" + bytes.length + "\0").getBytes(StandardCharsets.UTF_8));
            digest.update(bytes);
        });
        return Sha256.result(digest).toString().substring(0, 20);
    }

    /** Every resource below this package but its classes, by its path. */
    private static SortedMap<String, byte[]> resources() throws IOException, URISyntaxException {
        SortedMap<String, byte[]> files = new TreeMap<>();
        URL self = Bundled.class.getResource("Bundled.class");
        URLConnection connection = self.openConnection();
        if (connection instanceof JarURLConnection jar) {
            String prefix = jar.getEntryName().substring(0, jar.getEntryName().lastIndexOf('/') + 1);
            // Shared with the class loader, so not ours to close.
            for (var entry : Collections.list(jar.getJarFile().entries())) {
                if (!entry.isDirectory() && entry.getName().startsWith(prefix) && isResource(entry.getName())) {
                    try (InputStream in = jar.getJarFile().getInputStream(entry)) {
                        files.put(entry.getName().substring(prefix.length()), in.readAllBytes());
                    }
                }
            }
        } else {
            Path root = Path.of(new URI(self.toString())).getParent();
            try (Stream<Path> walk = Files.walk(root)) {
                for (Path file : walk.filter(Files::isRegularFile)
                        .filter(f -> isResource(f.toString()))
                        .toList()) {
                    files.put(root.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
                }
            }
        }
        return files;
    }

    private static boolean isResource(String name) {
        return !name.endsWith(".class") && !name.endsWith(".pyc");
    }
}
