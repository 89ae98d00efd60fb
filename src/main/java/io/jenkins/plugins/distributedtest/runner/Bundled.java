package io.jenkins.plugins.distributedtest.runner;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
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
 * {@code ~/.cache}; or into a private temporary directory where that cannot be written.
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
                directory = unpack(resources());
            } catch (IOException | UncheckedIOException | URISyntaxException e) {
                throw new RunnerException("Cannot unpack the runners' files: " + e, "", false);
            }
        }
        return directory;
    }

    private static Path unpack(SortedMap<String, byte[]> files) throws IOException {
        String name = "runner-" + hash(files);
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base = cache != null && Path.of(cache).isAbsolute()
                ? Path.of(cache)
                : Path.of(System.getProperty("user.home"), ".cache");
        try {
            Path parent = Files.createDirectories(base.resolve("distributed-test"));
            Path target = parent.resolve(name);
            if (!whole(target, files)) {
                move(write(Files.createTempDirectory(parent, "new-"), files), target);
            }
            return target;
        } catch (IOException e) {
            Path temporary = write(Files.createTempDirectory("distributed-test-"), files);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(temporary), "runner-files-removal"));
            return temporary;
        }
    }

    private static boolean whole(Path target, Map<String, byte[]> files) throws IOException {
        if (!Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        for (Map.Entry<String, byte[]> each : files.entrySet()) {
            Path file = target.resolve(each.getKey());
            if (!Files.isRegularFile(file) || Files.size(file) != each.getValue().length) {
                delete(target);
                return false;
            }
        }
        return true;
    }

    private static Path write(Path target, Map<String, byte[]> files) throws IOException {
        for (Map.Entry<String, byte[]> each : files.entrySet()) {
            Path file = target.resolve(each.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, each.getValue());
        }
        return target;
    }

    /** Another process may have been faster, with the same content. */
    private static void move(Path from, Path to) throws IOException {
        try {
            if (Files.getFileStore(from).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(from, PosixFilePermissions.fromString("rwx------"));
            }
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
            delete(from);
        } catch (IOException e) {
            if (!Files.isDirectory(to)) {
                throw e;
            }
            delete(from);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException | UncheckedIOException e) {
            return; // what is left lies in a cache or a temporary directory
        }
    }

    private static String hash(SortedMap<String, byte[]> files) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            files.forEach((name, bytes) -> {
                digest.update((name + "\0" + bytes.length + "\0").getBytes(StandardCharsets.UTF_8));
                digest.update(bytes);
            });
            return HexFormat.of().formatHex(digest.digest(), 0, 10);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
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
                for (Path file : walk.filter(Files::isRegularFile).filter(f -> isResource(f.toString())).toList()) {
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
