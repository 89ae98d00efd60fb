package io.jenkins.plugins.distributedtest.zuul.exec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimedLogTest {
    @TempDir
    Path directory;

    private TimedLog open(long limit) throws IOException {
        return TimedLog.open(directory.resolve("log"), limit);
    }

    private List<String> lines() throws IOException {
        List<String> lines = Files.readAllLines(directory.resolve("log"));
        assertThat(lines).allMatch(line -> line.matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d{3} .*"));
        return lines.stream().map(line -> line.substring(24)).toList();
    }

    private static void output(TimedLog log, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        log.output(bytes, bytes.length);
    }

    @Test
    void putsTheTimeBeforeEachLineHoweverTheOutputIsCut() throws IOException {
        TimedLog log = open(1 << 20);
        for (String part : "first ü\r\n\nsec|ond\nwithout an end".split("\\|")) {
            output(log, part);
        }
        log.line("ours\nin two lines");
        output(log, "the last");
        log.close();
        log.line("too late");
        assertThat(lines())
                .containsExactly("first ü", "", "second", "without an end", "ours", "in two lines", "the last");
    }

    @Test
    void cutsCharactersOfSeveralBytesNowhere() throws IOException {
        TimedLog log = open(1 << 20);
        byte[] bytes = "größer\n".getBytes(StandardCharsets.UTF_8);
        for (byte each : bytes) {
            log.output(new byte[] {each}, 1);
        }
        log.close();
        assertThat(lines()).containsExactly("größer");
    }

    @Test
    void breaksALineThatNeverEndsAndStopsGrowingAtItsLimit() throws IOException {
        TimedLog log = open(40_000);
        output(log, "x".repeat(100_000));
        log.close();
        assertThat(Files.size(directory.resolve("log"))).isLessThan(41_000);
        assertThat(lines())
                .anyMatch(line -> line.contains("more bytes are left out: a log may have 40000"))
                .last()
                .asString()
                .matches("x+");
    }

    @Test
    void keepsHeadAndTailOfWhatIsTooLong() throws IOException {
        TimedLog log = open(10_000);
        for (int i = 0; i < 10_000; i++) {
            output(log, "line " + i + "\n");
        }
        log.line("[script exit code = 3]");
        log.close();
        assertThat(Files.size(directory.resolve("log"))).isLessThan(10_200);
        assertThat(lines()).startsWith("line 0", "line 1").endsWith("line 9998", "line 9999", "[script exit code = 3]");
    }

    @Test
    void leavesCredentialsOfUrlsOut() throws IOException {
        TimedLog log = open(1 << 20);
        output(log, "fatal: https://user:hidden@host/x and ssh://git@host/y\n");
        log.close();
        assertThat(lines()).containsExactly("fatal: https://host/x and ssh://host/y");
    }
}
