package io.jenkins.plugins.distributedtest.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.report.JsonReport;
import io.jenkins.plugins.distributedtest.report.SampleRuns;
import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.Failure;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.ListenerReport;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SecretMaskTest {
    private static final String SECRET = "hunter2-hunter2";

    /** A run that has a text everywhere where tests and listeners can put one. */
    private static RunReport saying(String text) {
        TestCase bad = new TestCase(
                "name " + text,
                "class " + text,
                1,
                CaseStatus.FAILED,
                new Failure("message " + text, "type " + text, "trace " + text),
                "output " + text,
                3);
        FileResult result = SampleRuns.result("a.rb", FileStatus.FAILED, 1, List.of(bad))
                .withMessage("whole " + text)
                .withOutput("printed " + text + "\n");
        ListenerReport listener =
                new ListenerReport("one", "host", "1", 1, 0, 2, 0, "left " + text, ListenerReport.Trouble.CLOSING);
        return new RunReport(
                "run-1",
                "shop",
                SampleRuns.START,
                3,
                RunEnd.ERROR,
                "problem " + text,
                List.of(new FileReport(
                        result.file(),
                        List.of(SampleRuns.attempt(result, SampleRuns.WORKER, 0)),
                        4,
                        new FileReport.Running(SampleRuns.WORKER, 2, 2))),
                List.of(listener));
    }

    private static String json(RunReport run) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JsonReport.write(run, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void noTextOfARunKeepsASecret() throws Exception {
        assertThat(json(saying(SECRET))).contains(SECRET);
        RunReport hidden = SecretMask.of(List.of(SECRET)).hide(saying(SECRET));
        assertThat(hidden).isEqualTo(saying("****"));
        assertThat(json(hidden)).doesNotContain("hunter2");
    }

    @Test
    void linesOfALongSecretAreHiddenToo() {
        SecretMask mask = SecretMask.of(List.of("-----BEGIN KEY-----\nMIIEpAIBAAKCAQEA\nab\n"));
        assertThat(mask.hide("x MIIEpAIBAAKCAQEA y")).isEqualTo("x **** y");
        assertThat(mask.hide("about")).isEqualTo("about");
    }

    @Test
    void aSecretThatHoldsAnotherIsHiddenWhole() {
        assertThat(SecretMask.of(List.of("abc", "abcdef")).hide("abcdef abc")).isEqualTo("**** ****");
    }

    @Test
    void withoutSecretsNothingChanges() {
        RunReport run = saying(SECRET);
        assertThat(SecretMask.of(Arrays.asList("", " ", null)).hide(run)).isSameAs(run);
        assertThat(SecretMask.NONE.hide((RunReport) null)).isNull();
    }
}
