package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.report.JsonReport;
import io.jenkins.plugins.distributedtest.suite.Collected;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run --collect}, with a listener of its own. */
class CollectCommandTest {
    @TempDir
    Path project;

    @BeforeEach
    void makeProject() throws IOException {
        Files.createDirectories(project.resolve("t"));
        Files.writeString(project.resolve("t/a.sh"), "mkdir -p coverage; echo data > coverage/.a; exit ${FAILS:-0}\n");
        Files.writeString(
                project.resolve("distributed-test.json"),
                "{\"files\": [\"t/*.sh\"], \"runners\": {\"command\": [\"sh\", \"{file}\"]}}");
    }

    private CommandCall run(String... more) {
        List<String> all = new ArrayList<>(List.of("run", "-C", project.toString(), "--local", "1"));
        all.addAll(List.of("--json", project.resolve("run.json").toString()));
        all.addAll(List.of(more));
        return CommandCall.of(all.toArray(String[]::new));
    }

    private Collected collected() throws IOException {
        return JsonReport.read(project.resolve("run.json")).collected();
    }

    @Test
    void bringsFilesBackAndSaysWhereTheyAre() throws Exception {
        CommandCall call = run("--collect", "coverage/**", "--collect", "shots/*.png");

        assertThat(call.exitCode()).as(call.output()).isEqualTo(ExitCode.OK);
        Path to = project.resolve(".distributed-test/collected");
        assertThat(call.output()).contains("Collected: 2 files, 5 bytes in " + to);
        assertThat(collected().files()).isEqualTo(2);
        assertThat(to).isDirectoryRecursivelyContaining("glob:**/end/coverage/.a");

        CommandCall again = run(
                "--collect",
                "coverage/**",
                "--collect-to",
                project.resolve("brought").toString());
        assertThat(again.exitCode()).as(again.output()).isEqualTo(ExitCode.OK);
        assertThat(project.resolve("brought")).isDirectoryRecursivelyContaining("glob:**/end/coverage/.a");
    }

    @Test
    void tooMuchIsAnErrorOfTheRunAndFailuresStayFailures() throws Exception {
        CommandCall call = run("--collect", "coverage/**", "--set", "max_collected=3");
        assertThat(call.exitCode()).as(call.output()).isEqualTo(ExitCode.ERROR);
        assertThat(call.output()).contains("PASSED", "limit of 3 bytes", "coverage/.a (5 bytes)", "max_collected");
        assertThat(collected().problems()).hasSize(1);

        CommandCall failing = run("--collect", "coverage/**", "--env", "FAILS=1");
        assertThat(failing.exitCode()).as(failing.output()).isEqualTo(ExitCode.FAILURES);
    }

    @Test
    void whatCannotBeMeantIsRefusedBeforeTheRun() {
        CommandCall gorgon = run("--collect", "coverage/**", "--protocol", "gorgon", "--sync", "none");
        assertThat(gorgon.exitCode()).isEqualTo(ExitCode.ERROR);
        assertThat(gorgon.output()).contains("collect (coverage/**) needs protocol native");

        CommandCall outside = run("--collect", "../x/**");
        assertThat(outside.exitCode()).isEqualTo(ExitCode.ERROR);
        assertThat(outside.output()).contains("../x/**", "'..'");

        CommandCall elsewhere =
                run("--collect", "x", "--collect-to", project.getParent().toString());
        assertThat(elsewhere.exitCode()).isEqualTo(ExitCode.ERROR);
        assertThat(elsewhere.output()).contains("collect_to");
    }
}
