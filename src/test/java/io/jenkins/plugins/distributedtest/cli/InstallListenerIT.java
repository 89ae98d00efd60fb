package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code install-listener} of the built program, with a home and a systemctl of its own. */
class InstallListenerIT {
    @TempDir
    private Path directory;

    private Path unit;

    @BeforeEach
    void makeHome() throws IOException {
        Files.createDirectories(directory.resolve("bin"));
        Files.createDirectories(directory.resolve("home"));
        unit = directory.resolve("home/.config/systemd/user/distributed-test-listener.service");
    }

    private void systemctl(String script) throws IOException {
        Path file = directory.resolve("bin/systemctl");
        Files.writeString(file, "#!/bin/sh\necho \"$@\" >> " + directory.resolve("calls") + "\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(directory.resolve("calls"));
    }

    private record Ended(int exitCode, String output) {}

    private Ended run(String... arguments) throws IOException, InterruptedException {
        return runCommand("install-listener", arguments);
    }

    private Ended runCommand(String name, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                Path.of("target", "distributed-test-cli.jar").toAbsolutePath().toString(),
                name));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).directory(directory.toFile());
        Map<String, String> environment = builder.environment();
        environment.put("HOME", directory.resolve("home").toString());
        environment.put("PATH", directory.resolve("bin").toString() + ":/bin");
        environment.remove("XDG_CONFIG_HOME");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    @Test
    void installsAnExecutorThatReloadsAndHasTheTimeOfItsLongestJob() throws Exception {
        systemctl("exit 0");
        Path config = Files.writeString(
                directory.resolve("executor.yaml"),
                "{gearman: {host: h}, timeout: 30m, jobs: [{name: a, shell_script: a}, {name: b, shell_script: b, timeout: 2h}]}");

        Ended installed = runCommand("install-executor", "--config", config.toString());

        assertThat(installed.exitCode()).as(installed.output()).isEqualTo(ExitCode.OK);
        Path file = directory.resolve("home/.config/systemd/user/distributed-test-gearman.service");
        assertThat(file)
                .content()
                .contains(
                        " gearman --config=" + config + "\n",
                        "Wants=network-online.target\n",
                        "ExecReload=/bin/kill -HUP $MAINPID\n",
                        "Delegate=yes\n",
                        "TimeoutStopSec=7800\n");
        assertThat(calls())
                .containsExactly("--user daemon-reload", "--user enable --now distributed-test-gearman.service");

        Files.writeString(config, "{gearman: {host: h}}");
        Ended refused = runCommand("install-executor", "--config", config.toString());
        assertThat(refused.exitCode()).isEqualTo(ExitCode.ERROR);
        assertThat(refused.output()).contains("executor.yaml: jobs is missing");

        assertThat(runCommand("install-executor", "--uninstall").exitCode()).isEqualTo(ExitCode.OK);
        assertThat(file).doesNotExist();
    }

    @Test
    void installsAndRemovesAUnitOfTheUser() throws Exception {
        systemctl("exit 0");

        Ended installed = run("--slots", "3");

        assertThat(installed.exitCode()).as(installed.output()).isEqualTo(ExitCode.OK);
        assertThat(unit).content().contains("ExecStart=", " listen --slots=3\n", "Restart=always", "WantedBy=");
        assertThat(installed.output()).contains("Writing " + unit, "Ran: systemctl --user enable --now");
        assertThat(calls())
                .containsExactly("--user daemon-reload", "--user enable --now distributed-test-listener.service");

        Ended removed = run("--uninstall");

        assertThat(removed.exitCode()).as(removed.output()).isEqualTo(ExitCode.OK);
        assertThat(unit).doesNotExist();
        assertThat(calls().subList(2, 4))
                .containsExactly("--user disable --now distributed-test-listener.service", "--user daemon-reload");
        assertThat(run("--uninstall").exitCode()).isEqualTo(ExitCode.ERROR);
    }

    @Test
    void showsWhatSystemctlSaidWhenItFails() throws Exception {
        systemctl("echo 'Failed to connect to bus'; exit 1");

        Ended installed = run();

        assertThat(installed.exitCode()).isEqualTo(ExitCode.ERROR);
        assertThat(installed.output())
                .contains("This failed, run it yourself: systemctl --user daemon-reload", "Failed to connect to bus");
        assertThat(unit).exists();
    }
}
