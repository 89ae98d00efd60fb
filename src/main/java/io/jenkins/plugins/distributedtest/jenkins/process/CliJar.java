package io.jenkins.plugins.distributedtest.jenkins.process;

import hudson.FilePath;
import hudson.PluginWrapper;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;
import jenkins.model.Jenkins;

/** The program that the plugin carries beside its libraries: brokers and listeners are started from it. */
public final class CliJar {
    /** Its name, here and as it is downloaded. */
    public static final String NAME = "distributed-test-cli.jar";

    private static final String PLUGIN = "distributed-test";
    private static final int DIGITS = 16;

    /** What was read last; guarded by the class. */
    private static Digest last;

    private record Digest(Path file, long modified, String digest) {}

    private CliJar() {}

    /**
     * Where it is on the controller.
     *
     * @throws IOException if this plugin does not have it; says where it was looked for
     */
    public static File file() throws IOException {
        PluginWrapper plugin = Jenkins.get().getPluginManager().getPlugin(PLUGIN);
        if (plugin == null) {
            throw new IOException("The plugin " + PLUGIN + " is not installed");
        }
        try {
            URI base = plugin.baseResourceURL.toURI();
            File file = new File(new File(base), "WEB-INF/cli/" + NAME);
            if (!file.isFile()) {
                throw new IOException(
                        "The plugin does not carry the program: there is no " + file + ". Install the plugin again");
            }
            return file;
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new IOException("The plugin lies at a place that is no directory: " + plugin.baseResourceURL, e);
        }
    }

    /** The beginning of its SHA-256, in hex. */
    public static synchronized String digest() throws IOException {
        Path file = file().toPath();
        long modified = Files.getLastModifiedTime(file).toMillis();
        if (last == null || !last.file().equals(file) || last.modified() != modified) {
            last = new Digest(file, modified, read(file));
        }
        return last.digest();
    }

    private static String read(Path file) throws IOException {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha)) {
                in.transferTo(java.io.OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(sha.digest()).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IOException(e);
        }
    }

    /**
     * Copies it to a node, unless it is there already.
     *
     * @param directory where to; made if it is missing
     * @return the copy
     */
    public static FilePath copyTo(FilePath directory) throws IOException, InterruptedException {
        FilePath copy = directory.child("distributed-test-cli-" + digest() + ".jar");
        if (copy.exists()) {
            return copy;
        }
        directory.mkdirs();
        FilePath half = directory.child(NAME + "." + UUID.randomUUID() + ".part");
        try (InputStream in = Files.newInputStream(file().toPath())) {
            half.copyFrom(in);
            half.renameTo(copy);
        } catch (IOException e) {
            half.delete();
            if (!copy.exists()) {
                throw e;
            }
        }
        return copy;
    }
}
