package io.jenkins.plugins.distributedtest.jenkins.listeners;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.distributedtest.files.OwnerOnly;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page of listeners has to copy. */
class ListenerCommandsTest {
    private final ListenerCommands commands =
            ListenerCommands.of("https://ci.example.org/distributed-test/distributed-test-cli.jar");

    @TempDir
    private Path directory;

    @Test
    void aFileAsBrowsersMakeThemIsAcceptedAfterTheCommand() throws Exception {
        Path file = directory.resolve("broker.uri");
        Files.writeString(file, "amqp://user:secret@host/");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> OwnerOnly.check(file, "a password")).hasMessageContaining("chmod 600");
        // The download and the listener are others' business: here they only tell what they were given.
        String script = "curl() { echo curl \"$@\"; }; java() { echo java \"$@\"; }; " + commands.posix();
        Process shell = new ProcessBuilder(List.of("sh", "-c", script))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).as(said).isZero();
        assertThat(said.lines())
                .containsExactly(
                        "curl -fsSO https://ci.example.org/distributed-test/distributed-test-cli.jar",
                        "java -jar distributed-test-cli.jar listen --broker-file broker.uri");
        OwnerOnly.check(file, "a password");
    }

    @Test
    void windowsShellsGiveTheTextOverStandardInput() {
        assertThat(commands.powerShell())
                .isEqualTo("curl.exe -fsSO 'https://ci.example.org/distributed-test/distributed-test-cli.jar';"
                        + " Get-Content broker.uri | java -jar distributed-test-cli.jar listen --broker-file -");
        assertThat(commands.cmd())
                .isEqualTo("curl -fsSO \"https://ci.example.org/distributed-test/distributed-test-cli.jar\""
                        + " && java -jar distributed-test-cli.jar listen --broker-file - < broker.uri");
    }
}
