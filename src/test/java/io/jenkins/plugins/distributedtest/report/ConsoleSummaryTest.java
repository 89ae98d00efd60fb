package io.jenkins.plugins.distributedtest.report;

import static io.jenkins.plugins.distributedtest.report.SampleRuns.OTHER;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.WORKER;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.attempt;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.failed;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.file;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.listener;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.passed;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.problem;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.result;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.Failure;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.ListenerReport;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleSummaryTest {
    private static final ConsoleSummary PLAIN = new ConsoleSummary(Terminal.PLAIN, RerunCommand.DEFAULT);

    @Test
    void tellsAFailureWithFileWorkerHostAndCommand() {
        String text = PLAIN.failure(
                attempt(
                        result(
                                "spec/a_spec.rb",
                                FileStatus.FAILED,
                                1.5,
                                List.of(passed("x"), failed("y", "expected: 1\n     got: 2"))),
                        WORKER,
                        0),
                false);
        assertThat(text).isEqualTo("""
                FAILED  spec/a_spec.rb
                  on ci-1/3f2a77c0#1 (rspec, 1.50 s)
                  1) Sample y (line 7)
                     expected: 1
                          got: 2
                       at line 7
                  run it again: distributed-test run spec/a_spec.rb
                """);
    }

    @Test
    void tellsACrashWithTheEndOfItsOutput() {
        String output = "line\n".repeat(100) + "last words\n";
        String text = PLAIN.failure(
                attempt(problem("spec/it's.rb", FileStatus.CRASHED, "", output, null, "KILL"), OTHER, 0), true);
        assertThat(text)
                .contains(
                        "CRASHED  spec/it's.rb  (will be tried again)",
                        "on ci-2/9b1e02d4#1",
                        "signal KILL",
                        "… 71 lines before",
                        "    last words\n",
                        "distributed-test run 'spec/it'\\''s.rb'");
    }

    @Test
    void saysNothingOfWhatIsNotBad() {
        assertThat(PLAIN.failure(attempt(result("a", FileStatus.PASSED, 1, List.of()), WORKER, 0), false))
                .isEmpty();
    }

    @Test
    void letsNoTestSteerTheTerminal() {
        String hostile = "\u001B[2J\u001B]0;title\u0007\u001B[31mred\u001B[0m\u0008\r\nbell\u0007\u009b1m";
        String text = PLAIN.failure(
                attempt(result("a", FileStatus.FAILED, 1, List.of(failed(hostile, hostile))), WORKER, 0), false);
        assertThat(text)
                .matches(all -> all.chars().allMatch(c -> c == '\n' || c >= ' ' && c != 127 && !(c >= 128 && c < 160)));
        assertThat(text).contains("red\n     bell1m");
    }

    @Test
    void saysInTermsOfJenkinsStepHowFilesAreRunAgain() {
        ConsoleSummary step = new ConsoleSummary(Terminal.PLAIN, RerunCommand.STEP);
        String text = step.failure(
                attempt(problem("spec/it's.rb", FileStatus.CRASHED, "", "", null, "KILL"), OTHER, 0), false);
        assertThat(text).contains("run it again: files: ['spec/it\\'s.rb']").doesNotContain("distributed-test run");
    }

    @Test
    void tellsTheEndOfARun() {
        RunReport report = run(
                List.of(
                        file(attempt(result("good", FileStatus.PASSED, 4, List.of(passed("x"))), WORKER, 1)),
                        file(attempt(result("bad", FileStatus.FAILED, 1, List.of(failed("y", "m"))), OTHER, 1)),
                        file(
                                attempt(result("shaky", FileStatus.FAILED, 1, List.of(failed("z", "m"))), WORKER, 5),
                                attempt(result("shaky", FileStatus.PASSED, 2, List.of(passed("z"))), OTHER, 6))),
                8.5,
                listener(WORKER, 1, 0.5),
                listener(OTHER, 1, 0.75));
        assertThat(PLAIN.end(report)).isEqualTo("""

                Failed (1)
                  distributed-test run bad  # failed on ci-2

                Flaky: passed when tried again (1)
                  shaky  failed on ci-1, passed on ci-2

                Slowest files
                     4.00 s  good
                     2.00 s  shaky
                     1.00 s  bad

                  Listener      slots  files failed       busy             sync
                  ci-1/3f2a77c0     1      2      1     5.00 s   63 %   0.500 s
                  ci-2/9b1e02d4     1      2      1     3.00 s   39 %   0.500 s

                Wall time
                  8.50 s against a lower bound of 4.13 s (2.06 times as long), set by 8.00 s of tests on 2 slots.
                  Idle: 7.75 s of 15.8 s slot time (49 %): 0.750 s before first files, 4.00 s between files, 3.00 s
                    at the end.
                  The first file started after 1.00 s; getting the sources took up to 0.500 s.
                  The last straggler was shaky on ci-2/9b1e02d4#1: 2.00 s, 2.00 s of it after every other slot was
                    done.
                  More slots would save next to nothing.

                FAILED in 8.50 s: 3 files (2 passed, 1 failed, 1 flaky), 3 tests
                """);
    }

    @Test
    void namesWhatPassedWithAWarning() {
        RunReport report = SampleRuns.run(
                List.of(file(attempt(
                        result("part", FileStatus.PASSED, 2, List.of(passed("z")))
                                .withMessage("1 of its 2 examples run"),
                        OTHER,
                        6))),
                8.5,
                listener(OTHER, 1, 0.75));
        assertThat(PLAIN.end(report)).contains("Passed with a warning (1)\n  part  1 of its 2 examples run\n");
    }

    @Test
    void namesUnfinishedFilesOfACancelledRunAndWhatListenersLack() {
        ListenerReport broken = new ListenerReport("aa", "h", "1", 2, Double.NaN, 1, 0, "after_sync failed:\nboom");
        RunReport report = new RunReport(
                "r",
                "p",
                SampleRuns.START,
                3,
                RunEnd.CANCELLED,
                "",
                List.of(
                        new FileReport(new TestFile("never"), List.of(), 0),
                        file(attempt(result("stopped", FileStatus.CANCELLED, 1, List.of()), WORKER, 1))),
                List.of(broken));
        assertThat(PLAIN.end(report))
                .contains("Without a result (2)\n  never  was not run\n  stopped  was running\n", "    boom\n")
                .endsWith("CANCELLED in 3.00 s: 2 files (0 passed, 2 without a result), 0 tests\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "e | RuntimeError | Failure/Error: it('raises') { raise 'e' } | Failure/Error: it('raises') { raise 'e' }",
                "a.b | java.lang.AssertionError | java.lang.AssertionError: a.b at X | java.lang.AssertionError: a.b at X",
                "one | AssertionError | AssertionError [ERR_ASSERTION]: one\\n    at here | at here",
                "one | x.Err | x.Err: one\\n    at here | at here",
                "one | Err | one\\n    at here | at here",
            })
    void showsATraceWholeUnlessItBeginsWithTheMessage(String message, String type, String trace, String shown) {
        TestCase bad = new TestCase(
                "n", "C", 1, CaseStatus.ERROR, new Failure(message, type, trace.replace("\\n", "\n")), "", 0);
        String text = PLAIN.failure(attempt(result("f", FileStatus.FAILED, 1, List.of(bad)), WORKER, 1), false);
        assertThat(text.lines().map(String::strip).toList()).contains(message, shown);
    }

    /** Neither passed nor failed; and a run that has shown nothing is not green. */
    @Test
    void countsFilesWithoutTestsApart() {
        FileReport none = file(attempt(result("none", FileStatus.PASSED, 1, List.of()), WORKER, 1));
        FileReport some =
                file(attempt(result("some", FileStatus.PASSED, 1, List.of(SampleRuns.passed("a"))), WORKER, 1));
        assertThat(verdict(none, some)).startsWith("PASSED").contains("2 files (1 passed, 1 without tests), 1 test");
        assertThat(verdict(none))
                .startsWith("FAILED (no tests)")
                .contains("1 file (0 passed, 1 without tests), 0 tests");
    }

    private static String verdict(FileReport... files) {
        return PLAIN.verdict(
                new RunReport("r", "p", SampleRuns.START, 3, RunEnd.COMPLETED, "", List.of(files), List.of()));
    }

    @Test
    void namesNoFilesWhenNoneWasRun() {
        RunReport report = new RunReport(
                "r",
                "p",
                SampleRuns.START,
                60,
                RunEnd.ERROR,
                "No listener answered",
                List.of(
                        new FileReport(new TestFile("a"), List.of(), 0),
                        new FileReport(new TestFile("b"), List.of(), 0)),
                List.of());
        assertThat(PLAIN.end(report)).isEqualTo("""

                ERROR in 1 min 00 s: 2 files (0 passed, 2 without a result), 0 tests
                No listener answered
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"expected 1\nbut 2", "AssertionError: expected 1\nbut 2"})
    void tellsTheMessageOnceWhenTheTraceBeginsWithIt(String start) {
        TestCase test = new TestCase(
                "t",
                "c",
                0,
                CaseStatus.FAILED,
                new Failure("expected 1\nbut 2", "AssertionError", start + "\n  at here"),
                "",
                0);
        assertThat(PLAIN.failure(attempt(result("a", FileStatus.FAILED, 1, List.of(test)), WORKER, 0), false))
                .containsOnlyOnce("but 2")
                .contains("at here");
    }

    @Test
    void saysWhatWentWrong() {
        RunReport report = new RunReport(
                "r", "p", SampleRuns.START, 60, RunEnd.ERROR, "No listener answered", List.of(), List.of());
        assertThat(PLAIN.end(report))
                .endsWith("ERROR in 1 min 00 s: 0 files (0 passed), 0 tests\nNo listener answered\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 60, 80, 120})
    void fitsTheWidth(int width) {
        RunReport report = SampleRuns.big(51, 80, 2, 3, 2);
        ConsoleSummary narrow = new ConsoleSummary(new Terminal(width, false), RerunCommand.DEFAULT);
        String end = narrow.end(report);
        String wallTime = end.substring(end.indexOf("Wall time"), end.indexOf("FAILED in"));
        assertThat(wallTime.lines()).allMatch(line -> line.length() <= Math.max(width, 60));
        String slowest = end.substring(end.indexOf("Slowest"), end.indexOf("Listener "));
        assertThat(slowest.lines()).allMatch(line -> line.length() <= Math.max(width, 60));
    }

    @Test
    void colorsOnlyWhenTold() {
        RunReport report = SampleRuns.big(52, 80, 2, 3, 2);
        ConsoleSummary colored = new ConsoleSummary(new Terminal(100, true), RerunCommand.DEFAULT);
        assertThat(PLAIN.end(report)).doesNotContain("\u001B");
        assertThat(colored.end(report)).contains("\u001B[31m");
        assertThat(colored.end(report).replaceAll("\u001B\\[\\d*m", "")).isEqualTo(PLAIN.end(report));
    }

    @ParameterizedTest
    @CsvSource({"0.0004,0.000 s", "0.9996,1.00 s", "9.996,10.0 s", "59.96,1 min 00 s", "3599.6,1 h 00 min", "NaN,?"})
    void tellsSecondsForPeople(double seconds, String text) {
        assertThat(Problems.seconds(seconds)).isEqualTo(text);
    }
}
