package io.jenkins.plugins.distributedtest.report;

import com.fasterxml.jackson.core.JsonGenerator;
import io.jenkins.plugins.distributedtest.suite.Attempt;
import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.Collected;
import io.jenkins.plugins.distributedtest.suite.Failure;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.ListenerReport;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/** Writes the JSON report's schema; see {@code docs/json-report.md}. */
final class JsonReportWriter {
    /** How much of the tests' texts goes in. */
    enum Texts {
        /** All of it. */
        ALL,
        /** For a page: no output of what passed, the rest up to a limit for each text and for all of them. */
        FOR_PAGE
    }

    private static final int PAGE_TEXT_LIMIT = 64 * 1024;
    private static final int PAGE_TEXT_LIMIT_WHEN_FULL = 600;
    private static final long PAGE_TEXTS_LIMIT = 24L * 1024 * 1024;

    private final JsonGenerator json;
    private final RerunCommand rerun;
    private final Texts texts;
    private long textsWritten;

    JsonReportWriter(JsonGenerator json, RerunCommand rerun, Texts texts) {
        this.json = json;
        this.rerun = rerun;
        this.texts = texts;
    }

    void write(RunReport report) throws IOException {
        write(report, Totals.of(report), WallTime.of(report), null);
    }

    /**
     * Writes a run, its numbers computed already.
     *
     * @param only which files to write, by their place in the report; these then tell it as {@code index}. Null for all
     */
    void write(RunReport report, Totals totals, WallTime wallTime, IntPredicate only) throws IOException {
        json.writeStartObject();
        json.writeNumberField("version", JsonReport.VERSION);
        json.writeStringField("run_id", report.runId());
        json.writeStringField("project", report.project());
        json.writeStringField("started_at", report.startedAt().toString());
        seconds("wall_seconds", report.wallSeconds());
        json.writeStringField("end", word(report.end()));
        json.writeStringField("problem", report.trouble());
        json.writeBooleanField("green", report.isGreen());
        json.writeBooleanField("no_tests_allowed", report.noTestsAllowed());
        collected(report.collected());
        QuarantineJson.write(json, report);
        totals(report, totals);
        wallTime(wallTime);
        json.writeArrayFieldStart("listeners");
        for (ListenerReport listener : report.listeners()) {
            listener(listener);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("files");
        int index = 0;
        for (FileReport file : report.files()) {
            if (only == null || only.test(index)) {
                file(file, only == null ? -1 : index);
            }
            index++;
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void collected(Collected collected) throws IOException {
        if (!collected.isAsked()) {
            return;
        }
        json.writeObjectFieldStart("collected");
        json.writeStringField("directory", collected.directory());
        json.writeNumberField("files", collected.files());
        json.writeNumberField("bytes", collected.bytes());
        texts("missing", collected.missing());
        texts("problems", collected.problems());
        json.writeEndObject();
    }

    private void texts(String name, List<String> values) throws IOException {
        json.writeArrayFieldStart(name);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }

    private void totals(RunReport report, Totals totals) throws IOException {
        json.writeObjectFieldStart("totals");
        json.writeNumberField("files", report.files().size());
        for (FileOutcome outcome : FileOutcome.values()) {
            json.writeNumberField(word(outcome), totals.files(outcome));
        }
        json.writeNumberField("attempts", totals.attempts());
        json.writeNumberField("cases", totals.cases());
        for (CaseStatus status : CaseStatus.values()) {
            json.writeNumberField("cases_" + word(status), totals.cases(status));
        }
        json.writeEndObject();
    }

    private void wallTime(WallTime time) throws IOException {
        json.writeObjectFieldStart("wall_time");
        seconds("lower_bound_seconds", time.lowerBoundSeconds());
        json.writeStringField(
                "longest_file", time.longest() == null ? null : time.longest().path());
        seconds("longest_seconds", time.longestSeconds());
        seconds("test_seconds", time.testSeconds());
        json.writeNumberField("slots", time.slots());
        seconds("startup_seconds", time.startupSeconds());
        seconds("slot_seconds", time.slotSeconds());
        seconds("idle_seconds", time.idleSeconds());
        seconds("idle_before_seconds", time.idleBefore());
        seconds("idle_between_seconds", time.idleBetween());
        seconds("idle_after_seconds", time.idleAfter());
        seconds("sync_seconds", time.syncSeconds());
        seconds("order_saving_seconds", time.orderSavingSeconds());
        WallTime.Straggler straggler = time.straggler();
        if (straggler != null) {
            json.writeObjectFieldStart("straggler");
            json.writeStringField("path", straggler.file().path());
            worker(straggler.worker());
            seconds("start_offset", straggler.startOffset());
            seconds("seconds", straggler.seconds());
            seconds("alone_seconds", straggler.aloneSeconds());
            json.writeEndObject();
        }
        json.writeArrayFieldStart("more_slots");
        for (WallTime.Saving saving : time.savings()) {
            saving(saving);
        }
        json.writeEndArray();
        if (time.worthwhile() != null) {
            json.writeFieldName("worthwhile_slots");
            saving(time.worthwhile());
        }
        json.writeEndObject();
    }

    private void saving(WallTime.Saving saving) throws IOException {
        json.writeStartObject();
        json.writeNumberField("slots", saving.moreSlots());
        seconds("saved_seconds", saving.seconds());
        json.writeEndObject();
    }

    private void listener(ListenerReport listener) throws IOException {
        json.writeStartObject();
        json.writeStringField("listener", listener.listener());
        json.writeStringField("host", listener.host());
        json.writeStringField("version", listener.version());
        json.writeNumberField("slots", listener.slots());
        seconds("joined_offset", listener.joinedOffset());
        seconds("left_offset", listener.leftOffset());
        seconds("sync_seconds", listener.syncSeconds());
        json.writeStringField("problem", listener.problem());
        json.writeStringField("trouble", listener.trouble().name().toLowerCase(Locale.ROOT));
        json.writeEndObject();
    }

    private void file(FileReport file, int index) throws IOException {
        FileOutcome outcome = FileOutcome.of(file);
        json.writeStartObject();
        if (index >= 0) {
            json.writeNumberField("index", index);
        }
        json.writeStringField("path", file.file().path());
        json.writeStringField("outcome", word(outcome));
        seconds("expected_seconds", file.expectedSeconds());
        if (outcome != FileOutcome.PASSED) {
            json.writeStringField("rerun_command", rerun.of(file.file(), file.seed()));
        }
        json.writeArrayFieldStart("attempts");
        for (Attempt attempt : file.attempts()) {
            attempt(file.file(), attempt);
        }
        json.writeEndArray();
        if (file.running() != null) {
            json.writeObjectFieldStart("running");
            json.writeNumberField("lease", file.running().lease());
            worker(file.running().worker());
            seconds("start_offset", file.running().startOffset());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private void attempt(TestFile file, Attempt attempt) throws IOException {
        FileResult result = attempt.result();
        if (!result.file().equals(file)) {
            throw new IllegalArgumentException("An attempt at " + result.file() + " stands with " + file);
        }
        json.writeStartObject();
        json.writeStringField("status", word(result.status()));
        json.writeNumberField("lease", attempt.lease());
        worker(attempt.worker());
        seconds("start_offset", attempt.startOffset());
        seconds("seconds", result.seconds());
        json.writeStringField("runner", result.runner());
        text("message", result.message(), false);
        text("output", result.output(), result.status() == FileStatus.PASSED);
        if (result.exitCode() != null) {
            json.writeNumberField("exit_code", result.exitCode());
        }
        if (result.signal() != null) {
            json.writeStringField("signal", result.signal());
        }
        if (result.seed() != null) {
            json.writeNumberField("seed", result.seed());
        }
        List<TestCase> cases = texts == Texts.FOR_PAGE ? PageCases.of(result.cases()) : result.cases();
        json.writeArrayFieldStart("cases");
        for (TestCase test : cases) {
            testCase(test);
        }
        json.writeEndArray();
        if (cases.size() < result.cases().size()) {
            json.writeNumberField("cases_left_out", result.cases().size() - cases.size());
        }
        json.writeEndObject();
    }

    private void testCase(TestCase test) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", test.name());
        json.writeStringField("class_name", test.className());
        json.writeStringField("status", word(test.status()));
        seconds("seconds", test.seconds());
        if (test.line() != 0) {
            json.writeNumberField("line", test.line());
        }
        Failure failure = test.failure();
        if (failure != null) {
            json.writeObjectFieldStart("failure");
            text("message", failure.message(), false);
            text("type", failure.type(), false);
            text("trace", failure.trace(), false);
            json.writeEndObject();
        }
        text("output", test.output(), !test.status().isBad());
        json.writeEndObject();
    }

    private void worker(WorkerId worker) throws IOException {
        json.writeObjectFieldStart("worker");
        json.writeStringField("listener", worker.listener());
        json.writeStringField("host", worker.host());
        json.writeNumberField("slot", worker.slot());
        json.writeEndObject();
    }

    /** An empty text is left out. */
    private void text(String name, String text, boolean ofWhatPassed) throws IOException {
        if (text.isEmpty() || texts == Texts.FOR_PAGE && ofWhatPassed) {
            return;
        }
        json.writeStringField(name, texts == Texts.FOR_PAGE ? cut(text) : text);
    }

    private String cut(String text) {
        int limit = textsWritten < PAGE_TEXTS_LIMIT ? PAGE_TEXT_LIMIT : PAGE_TEXT_LIMIT_WHEN_FULL;
        textsWritten += Math.min(limit, text.length());
        return text.length() <= limit
                ? text
                : text.substring(0, limit / 2)
                        + "\n\u2026 " + (text.length() - limit / 2 * 2)
                        + " characters left out of this page; the JSON report has them \u2026\n"
                        + text.substring(text.length() - limit / 2);
    }

    /** Seconds as they are; null for what is no number. */
    private void seconds(String name, double seconds) throws IOException {
        if (Double.isFinite(seconds)) {
            json.writeNumberField(name, texts == Texts.ALL ? seconds : Math.round(seconds * 1e4) / 1e4);
        } else {
            json.writeNullField(name);
        }
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
