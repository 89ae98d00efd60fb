package io.jenkins.plugins.distributedtest.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.process.CommandResult;
import io.jenkins.plugins.distributedtest.process.Commands;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import io.jenkins.plugins.distributedtest.testing.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A real sshd on a port of its own of 127.0.0.1, with keys and configuration of its own. Whoever has the user's key
 * may run commands there, in the served directory instead of the home directory.
 */
public final class Sshd implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/sbin/sshd");
    private static final Duration LIMIT = Duration.ofSeconds(30);

    public final int port = FreePorts.next();
    public final Path userKey;
    public final Path knownHosts;
    private final Path directory;
    private final Path log;
    private final Process process;

    /** Starts one; a test is skipped where there is none. */
    public Sshd(Path directory, Path served) throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(PROGRAM), "sshd is not installed (openssh-server)");
        this.directory = Files.createDirectories(directory);
        Path privilegeSeparation = Path.of("/run/sshd");
        if (System.getProperty("user.name").equals("root") && !Files.exists(privilegeSeparation)) {
            Files.createDirectory(
                    privilegeSeparation,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        }
        Path hostKey = key("host_key");
        userKey = key("user_key");
        knownHosts = directory.resolve("known_hosts");
        Files.writeString(knownHosts, "[127.0.0.1]:" + port + " " + Files.readString(publicOf(hostKey)));
        Path authorized = Files.writeString(
                directory.resolve("authorized_keys"),
                "restrict,command=\"cd '" + served + "' && exec sh -c \\\"$SSH_ORIGINAL_COMMAND\\\"\" "
                        + Files.readString(publicOf(userKey)));
        Path config = Files.writeString(
                directory.resolve("sshd_config"),
                String.join(
                        "\n",
                        "ListenAddress 127.0.0.1",
                        "Port " + port,
                        "HostKey " + hostKey,
                        "PidFile none",
                        "AuthorizedKeysFile " + authorized,
                        "StrictModes no",
                        "UsePAM no",
                        "PasswordAuthentication no",
                        "KbdInteractiveAuthentication no",
                        "PermitRootLogin prohibit-password",
                        "Subsystem sftp /usr/lib/openssh/sftp-server",
                        ""));
        log = directory.resolve("log");
        process = ProcessSpec.of(List.of(PROGRAM.toString(), "-D", "-e", "-f", config.toString()))
                .outputFile(log)
                .start();
        await().atMost(LIMIT).until(() -> !process.isAlive() || answers());
        assertThat(process.isAlive()).as(log()).isTrue();
    }

    /** Writes an ssh configuration that reaches it under a name of its own. */
    public Path clientConfig(String host, Path hosts) throws IOException {
        return Files.writeString(
                directory.resolve("config-" + host + "-" + hosts.getFileName()),
                String.join(
                        "\n",
                        "Host " + host,
                        "  HostName 127.0.0.1",
                        "  Port " + port,
                        "  UserKnownHostsFile " + hosts,
                        "  GlobalKnownHostsFile /dev/null",
                        "  StrictHostKeyChecking yes",
                        ""));
    }

    /** Makes a key pair. */
    Path key(String name) throws Exception {
        Path file = directory.resolve(name);
        CommandResult made = Commands.run(
                ProcessSpec.of(List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file.toString())), LIMIT);
        assertThat(made.ok()).as(made.output()).isTrue();
        return file;
    }

    static Path publicOf(Path key) {
        return key.resolveSibling(key.getFileName() + ".pub");
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** What it logged. */
    String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() throws Exception {
        process.destroy();
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
