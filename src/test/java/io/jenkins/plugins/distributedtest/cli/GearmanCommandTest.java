package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code distributed-test gearman} says about its configuration; how it serves is StandaloneExecutorIT's. */
class GearmanCommandTest {
    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int check(String yaml) throws IOException {
        return check(yaml.getBytes(StandardCharsets.UTF_8));
    }

    private int check(byte[] yaml) throws IOException {
        return execute(
                "gearman",
                "--check",
                "-c",
                Files.write(directory.resolve("executor.yaml"), yaml).toString());
    }

    private int execute(String... arguments) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    @Test
    void saysWhatWouldBeServed() throws IOException {
        assertThat(check("gearman: {host: h}\njobs: [{name: unit, shell_script: a, labels: [precise]}]\n"))
                .isZero();
        assertThat(out.toString().lines()).containsExactly("build:unit", "build:unit:precise");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void warnsOfWhatOfTurboHipstersIsNotServed() throws IOException {
        assertThat(check("""
                zuul_server: {gearman_host: h, gerrit_site: g, git_origin: o}
                jobs_working_dir: /jobs
                git_working_dir: /git
                jobs: [{name: 'build:unit', shell_script: a}]
                plugins: [{name: jjb_runner, function: 'build:old'}]
                """)).isZero();
        assertThat(out.toString().lines()).containsExactly("build:unit");
        assertThat(err.toString())
                .startsWith("Warning: build:old is not served: the plugin jjb_runner is not supported");
    }

    @Test
    void anErrorNamesFileAndKey() throws IOException {
        assertThat(check("gearman: {host: h, prot: 1}\njobs: [{name: unit, shell_script: a}]\n"))
                .isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).contains("executor.yaml: unknown key gearman.prot. Did you mean gearman.port?");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "shell_script: []                            | jobs[0].shell_script names no program: a list begins with one, such as [make, check]",
                "shell_script: ['', x]                       | jobs[0].shell_script names no program",
                "shell_script: a, junit: /reports/*.xml      | jobs[0].junit must be globs within the project's tree, such as reports/*.xml, not \"/reports/*.xml\"",
                "shell_script: a, junit: [a.xml, ../b/*.xml] | jobs[0].junit must be globs within the project's tree, such as reports/*.xml, not \"../b/*.xml\"",
                "shell_script: a, datasets: missing          | jobs[0].datasets must be a directory that holds the datasets, and ",
                "shell_script: a, datasets: executor.yaml    | executor.yaml is none",
                "shell_script: a, timeout: 30                | jobs[0].timeout must be a duration such as 90s, 30m or 2h, not \"30\"",
                "shell_script: a}], max_log: 100, x: [{a: b  | max_log must be a size such as 100 MB, not \"100\"",
            })
    void whatNoJobCouldUseIsAnError(String job, String problem) throws IOException {
        assertThat(check("{gearman: {host: h}, jobs: [{name: unit, " + job + "}]}\n"))
                .isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).contains("executor.yaml: ", problem);
    }

    @Test
    void whatIsNoYamlIsAnErrorThatNamesThePlaceAndQuotesNothing() throws IOException {
        assertThat(check("gearman: {host: h}\npassword: [hidden\n")).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString())
                .contains("executor.yaml is not valid YAML at line 3")
                .doesNotContain("hidden");
    }

    @Test
    void nothingInYamlMakesObjectsOrGrowsWithoutEnd() throws IOException {
        assertThat(check("gearman: !!javax.script.ScriptEngineManager [x]\n")).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).contains("is not valid YAML");
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 100; i++) {
            bomb.append("a")
                    .append(i)
                    .append(": &a")
                    .append(i)
                    .append(" [*a")
                    .append(i - 1)
                    .append(", *a")
                    .append(i - 1)
                    .append("]\n");
        }
        assertThat(check(bomb.toString())).isEqualTo(ExitCode.ERROR);
        assertThat(check("a: 1\na: 2\n")).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).contains("duplicate key");
    }

    @Test
    void aFileThatIsMissingOrNoTextIsAnError() throws IOException {
        assertThat(execute(
                        "gearman",
                        "--check",
                        "--config",
                        directory.resolve("none.yaml").toString()))
                .isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).contains("There is no file").contains("none.yaml");
        assertThat(check(new byte[] {(byte) 0xff, (byte) 0xfe, 0})).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).contains("not a UTF-8 text");
        assertThat(execute("gearman")).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).contains("Missing required option: '--config=FILE'");
    }

    @Test
    void explainsItself() {
        assertThat(execute("gearman", "--help")).isZero();
        assertThat(out.toString())
                .contains("Usage: distributed-test gearman", "turbo-hipster")
                .doesNotContain("--owned");
    }
}
