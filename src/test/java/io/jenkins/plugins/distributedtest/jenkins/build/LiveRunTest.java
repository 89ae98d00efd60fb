package io.jenkins.plugins.distributedtest.jenkins.build;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.distributedtest.report.SampleRuns;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class LiveRunTest {
    private final AtomicReference<RunReport> report = new AtomicReference<>(run(List.of()));
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicLong nanos = new AtomicLong();
    private final LiveRun live = new LiveRun(
            () -> {
                taken.incrementAndGet();
                return report.get();
            },
            nanos::get);

    /** Three files, of which these have ended. */
    static RunReport run(List<FileReport> ended) {
        List<FileReport> files = new ArrayList<>(ended);
        for (int i = ended.size(); i < 3; i++) {
            files.add(new FileReport(new TestFile("f" + i + ".rb"), List.of(), 1));
        }
        return new RunReport(
                "run-1",
                "shop",
                SampleRuns.START,
                5,
                RunEnd.RUNNING,
                "",
                files,
                List.of(SampleRuns.listener(SampleRuns.WORKER, 2, 0.5)));
    }

    static FileReport passed(String path) {
        return SampleRuns.file(SampleRuns.attempt(
                SampleRuns.result(path, FileStatus.PASSED, 1, List.of(SampleRuns.passed("one"))),
                SampleRuns.WORKER,
                1));
    }

    private JsonNode ask(String cursor) throws IOException {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        live.answer(cursor).write(out);
        return new ObjectMapper().readTree(out.toByteArray());
    }

    private static List<String> paths(JsonNode answer) {
        return StreamSupport.stream(answer.get("report").get("files").spliterator(), false)
                .map(file -> file.get("path").textValue())
                .toList();
    }

    @Test
    void tellsAllAtFirstAndThenOnlyWhatChanged() throws IOException {
        JsonNode first = ask(null);
        assertThat(first.get("state").textValue()).isEqualTo("live");
        assertThat(first.get("partial").booleanValue()).isFalse();
        assertThat(first.get("next_seconds").intValue()).isPositive();
        assertThat(paths(first)).containsExactly("f0.rb", "f1.rb", "f2.rb");
        assertThat(first.at("/report/files/0").has("index")).isFalse();

        FileReport one = passed("f0.rb");
        report.set(run(List.of(one)));
        JsonNode second = ask(first.get("cursor").textValue());
        assertThat(second.get("partial").booleanValue()).isTrue();
        assertThat(paths(second)).containsExactly("f0.rb");
        assertThat(second.at("/report/files/0/index").intValue()).isZero();
        assertThat(second.at("/report/totals/passed").intValue()).isEqualTo(1);
        assertThat(second.at("/report/totals/files").intValue()).isEqualTo(3);

        report.set(run(List.of(one, passed("f1.rb"))));
        assertThat(paths(ask(second.get("cursor").textValue()))).containsExactly("f1.rb");
        // Who missed an answer gets it again.
        assertThat(paths(ask(first.get("cursor").textValue()))).containsExactly("f0.rb", "f1.rb");
    }

    @Test
    void aCursorOfAnotherLifeOrNonsenseGetsAll() throws IOException {
        String cursor = ask("").get("cursor").textValue();
        String mark = cursor.substring(0, cursor.indexOf(':'));
        for (String other :
                List.of("x", "other:1", mark, mark + ":", mark + ":x", mark + ":-1", mark + ":999999", mark + ":1e3")) {
            JsonNode answer = ask(other);
            assertThat(answer.get("partial").booleanValue()).as(other).isFalse();
            assertThat(paths(answer)).as(other).hasSize(3);
        }
    }

    @Test
    void manyPagesAskTheRunOnceASecond() throws IOException {
        for (int i = 0; i < 50; i++) {
            live.answer(null);
            live.report();
        }
        assertThat(taken).hasValue(1);
        ask(null);
        assertThat(taken).hasValue(2);
    }

    @Test
    void anAnswerInFlightIsNotDisturbedByTheNextReport() throws IOException {
        String cursor = ask(null).get("cursor").textValue();
        report.set(run(List.of(passed("f0.rb"))));
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
        PageAnswer inFlight = live.answer(cursor);
        report.set(run(List.of(passed("f0.rb"), passed("f1.rb"))));
        ask(cursor);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        inFlight.write(out);
        assertThat(paths(new ObjectMapper().readTree(out.toByteArray()))).containsExactly("f0.rb");
    }

    @Test
    void bigRunsAreAskedForLessOften() throws IOException {
        int small = ask(null).get("next_seconds").intValue();
        report.set(SampleRuns.big(3, 50_000, 2, 4, 1));
        assertThat(ask(null).get("next_seconds").intValue())
                .isGreaterThan(small)
                .isLessThan(15);
    }
}
