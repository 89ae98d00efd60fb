package io.jenkins.plugins.distributedtest.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What continuous integration makes of tests that passed only when they were tried again. */
class FlakesTest {
    @TempDir
    Path reports;

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0", "2, 0", "3, 1"})
    void eachIsNamedAndMoreThanTwoFail(int flakes, int exit) throws Exception {
        StringBuilder cases = new StringBuilder("<testcase classname='a.B' name='steady'/>");
        for (int i = 0; i < flakes; i++) {
            cases.append("<testcase classname='a.B' name='flaky").append(i).append("'>");
            cases.append(i % 2 == 0 ? "<flakyFailure type='x'/>" : "<flakyError type='x'/>")
                    .append("</testcase>");
        }
        Files.writeString(reports.resolve("TEST-a.B.xml"), "<testsuite name='a.B'>" + cases + "</testsuite>");
        Process process = new ProcessBuilder("python3", ".ci/flakes", reports.toString(), "/no/such/directory")
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isEqualTo(exit);
        assertThat(said.lines().filter(line -> line.startsWith("Flake: a.B.flaky")))
                .hasSize(flakes);
        assertThat(said).doesNotContain("steady");
    }
}
