package io.jenkins.plugins.distributedtest.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Assumptions;

/**
 * Certificates for tests, made with {@code openssl}: an authority, a server ({@code localhost} and {@code 127.0.0.1})
 * and a client ({@code listener}) signed by it.
 *
 * @param directory where the PEM files are
 */
public record TestCertificates(Path directory) {

    /** Makes a set of certificates in a directory of its own. */
    public static TestCertificates create(Path directory) throws IOException {
        Files.createDirectories(directory);
        TestCertificates made = new TestCertificates(directory);
        made.key("ca");
        made.openssl("req", "-x509", "-new", "-key", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Test CA");
        made.key("server");
        made.signed("server", "/CN=localhost", "subjectAltName=DNS:localhost,IP:127.0.0.1");
        made.key("client");
        made.signed("client", "/CN=listener", "extendedKeyUsage=clientAuth");
        return made;
    }

    private void key(String name) throws IOException {
        openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", name + ".key");
    }

    private void signed(String name, String subject, String extension) throws IOException {
        Files.writeString(directory.resolve(name + ".ext"), extension + "\n");
        openssl("req", "-new", "-key", name + ".key", "-out", name + ".csr", "-subj", subject);
        openssl(
                "x509",
                "-req",
                "-in",
                name + ".csr",
                "-CA",
                "ca.pem",
                "-CAkey",
                "ca.key",
                "-CAcreateserial",
                "-days",
                "2",
                "-extfile",
                name + ".ext",
                "-out",
                name + ".pem");
    }

    private String openssl(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            return Assumptions.abort("openssl is not installed (Debian package openssl)");
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(command + ": " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return output;
    }

    /** The authority's certificate. */
    public Path ca() {
        return directory.resolve("ca.pem");
    }

    /** The server's certificate. */
    public Path server() {
        return directory.resolve("server.pem");
    }

    /** The server's key. */
    public Path serverKey() {
        return directory.resolve("server.key");
    }

    /** The client's certificate. */
    public Path client() {
        return directory.resolve("client.pem");
    }

    /** The client's key. */
    public Path clientKey() {
        return directory.resolve("client.key");
    }

    /** The SHA-256 fingerprint of the server's certificate as openssl prints it: hex in pairs with colons. */
    public String serverFingerprint() throws IOException {
        String line = openssl("x509", "-in", "server.pem", "-noout", "-fingerprint", "-sha256")
                .strip();
        return line.substring(line.indexOf('=') + 1).toUpperCase(Locale.ROOT);
    }
}
