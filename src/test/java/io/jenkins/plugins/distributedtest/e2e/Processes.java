package io.jenkins.plugins.distributedtest.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** What the operating system knows of processes. Linux only, where a process's environment can be read. */
final class Processes {
    private Processes() {}

    static void signal(String name, long pid) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, String.valueOf(pid))
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("kill -" + name + " " + pid + " ended with " + code);
        }
    }

    /** Skips the test where processes cannot be found by their environment. */
    static void assumeReadable() {
        Assumptions.assumeTrue(Files.isReadable(Path.of("/proc/self/environ")), "/proc is missing: this needs Linux");
    }

    /** Every live process, zombies apart, whose environment has this entry, with its command line. */
    static List<String> with(String entry) {
        List<String> found = new ArrayList<>();
        byte[] wanted = entry.getBytes(StandardCharsets.UTF_8);
        try (var all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : all) {
                byte[] environment = read(process.resolve("environ"));
                if (contains(environment, wanted)) {
                    String line = new String(read(process.resolve("cmdline")), StandardCharsets.UTF_8);
                    found.add(process.getFileName() + " "
                            + line.replace('\0', ' ').strip());
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return found;
    }

    /** Empty for a zombie, and for a process that ends while it is looked at. */
    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            return new byte[0];
        }
    }

    private static boolean contains(byte[] text, byte[] entry) {
        String all = "\0" + new String(text, StandardCharsets.ISO_8859_1);
        return all.contains("\0" + new String(entry, StandardCharsets.ISO_8859_1) + "\0");
    }
}
