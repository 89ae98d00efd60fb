package io.jenkins.plugins.distributedtest.report;

import static io.jenkins.plugins.distributedtest.report.SampleRuns.OTHER;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.WORKER;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.attempt;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.failed;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.file;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.passed;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.problem;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.result;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.Failure;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.ListenerReport;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** Reads the report as Jenkins' junit plugin does: by its elements and attributes. */
class JUnitReportTest {
    private static byte[] bytes(RunReport report) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JUnitReport.write(report, out);
        return out.toByteArray();
    }

    private static Element parse(RunReport report) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder()
                .parse(new ByteArrayInputStream(bytes(report)))
                .getDocumentElement();
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> all = new ArrayList<>();
        NodeList nodes = parent.getChildNodes();
        for (int i = 0; i < nodes.getLength(); i++) {
            Node node = nodes.item(i);
            if (node instanceof Element element && element.getTagName().equals(name)) {
                all.add(element);
            }
        }
        return all;
    }

    private static Element child(Element parent, String name) {
        assertThat(children(parent, name)).as(name).hasSize(1);
        return children(parent, name).get(0);
    }

    private static Element onlySuite(FileReport file) throws Exception {
        Element root = parse(run(List.of(file), 10));
        assertThat(root.getTagName()).isEqualTo("testsuites");
        return child(root, "testsuite");
    }

    @Test
    void whatAFilesOnlyCaseSaysAlreadyIsNoCaseOfItsOwn() throws Exception {
        TestCase whole = new TestCase("a.sh", "a.sh", 1, CaseStatus.FAILED, new Failure("exit code 3", "E", ""), "", 0);
        FileResult failed = FileResult.of(new TestFile("a.sh"), FileStatus.FAILED, 1)
                .withCases(List.of(whole))
                .withMessage("exit code 3")
                .withOutput("out")
                .withEnding(3, null)
                .by("command");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JUnitReport.write(
                SampleRuns.run(List.of(SampleRuns.file(SampleRuns.attempt(failed, SampleRuns.WORKER, 0))), 1), out);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .containsOnlyOnce("<testcase")
                .contains("tests=\"1\"");
    }

    @Test
    void whatFailedAfterTheLastFileIsAnErrorPerHost() throws Exception {
        FileReport good = file(attempt(result("a_spec.rb", FileStatus.PASSED, 1, List.of(passed("adds"))), WORKER, 0));
        RunReport report = run(List.of(good), 3);
        RunReport closedBadly = new RunReport(
                report.runId(),
                report.project(),
                report.startedAt(),
                report.wallSeconds(),
                report.end(),
                "",
                report.files(),
                List.of(new ListenerReport(
                        "l",
                        "ho/st",
                        "1",
                        2,
                        0,
                        Double.NaN,
                        0,
                        "port still open\nat x",
                        ListenerReport.Trouble.CLOSING)));
        assertThat(report.isGreen()).isTrue();
        assertThat(closedBadly.isGreen()).isFalse();

        Element root = parse(closedBadly);

        assertThat(root.getAttribute("tests")).isEqualTo("2");
        assertThat(root.getAttribute("errors")).isEqualTo("1");
        Element suite = children(root, "testsuite").get(1);
        assertThat(suite.getAttribute("name")).isEqualTo("after the last file on ho_st");
        assertThat(child(child(suite, "testcase"), "error").getTextContent()).contains("port still open", "at x");
    }

    @Test
    void writesASuitePerFileWithItsCases() throws Exception {
        TestCase skipped =
                new TestCase("later", "Sample", 0, CaseStatus.SKIPPED, new Failure("not yet", "", ""), "", 0);
        TestCase error =
                new TestCase("breaks", "Sample", 1, CaseStatus.ERROR, new Failure("boom", "E", "trace"), "said", 9);
        Element suite = onlySuite(file(attempt(
                result(
                        "spec/a_spec.rb",
                        FileStatus.FAILED,
                        2.5,
                        List.of(passed("adds"), failed("fails", "1 != 2"), skipped, error)),
                WORKER,
                1.5)));
        assertThat(suite.getAttribute("name")).isEqualTo("spec/a_spec.rb");
        assertThat(suite.getAttribute("tests")).isEqualTo("4");
        assertThat(suite.getAttribute("failures")).isEqualTo("1");
        assertThat(suite.getAttribute("errors")).isEqualTo("1");
        assertThat(suite.getAttribute("skipped")).isEqualTo("1");
        assertThat(suite.getAttribute("time")).isEqualTo("2.500");
        assertThat(suite.getAttribute("timestamp")).isEqualTo("2026-03-04T05:06:08Z");
        assertThat(suite.getAttribute("hostname")).isEqualTo("ci-1");
        List<Element> cases = children(suite, "testcase");
        assertThat(cases.get(0).getAttribute("name")).isEqualTo("adds");
        assertThat(cases.get(0).getAttribute("classname")).isEqualTo("Sample");
        assertThat(cases.get(0).getAttribute("file")).isEqualTo("spec/a_spec.rb");
        assertThat(cases.get(0).getAttribute("line")).isEqualTo("3");
        assertThat(cases.get(0).getAttribute("time")).isEqualTo("0.250");
        Element failure = child(cases.get(1), "failure");
        assertThat(failure.getAttribute("message")).isEqualTo("1 != 2");
        assertThat(failure.getAttribute("type")).isEqualTo("AssertionError");
        assertThat(failure.getTextContent()).isEqualTo("1 != 2\nat line 7");
        assertThat(child(cases.get(2), "skipped").getAttribute("message")).isEqualTo("not yet");
        assertThat(child(cases.get(3), "error").getTextContent()).isEqualTo("boom\ntrace");
        assertThat(child(cases.get(3), "system-out").getTextContent()).isEqualTo("said");
    }

    @Test
    void aCaseThatPassedOnARetryIsFlaky() throws Exception {
        Element suite = onlySuite(file(
                attempt(
                        result("a.rb", FileStatus.FAILED, 1, List.of(passed("good"), failed("shaky", "first"))),
                        WORKER,
                        0),
                attempt(result("a.rb", FileStatus.PASSED, 1, List.of(passed("good"), passed("shaky"))), OTHER, 2)));
        assertThat(suite.getAttribute("failures")).isEqualTo("0");
        assertThat(suite.getAttribute("flakes")).isEqualTo("1");
        assertThat(suite.getAttribute("tests")).isEqualTo("2");
        Element shaky = children(suite, "testcase").get(1);
        Element flaky = child(shaky, "flakyFailure");
        assertThat(flaky.getAttribute("message")).isEqualTo("first");
        assertThat(flaky.getAttribute("type")).isEqualTo("AssertionError");
        assertThat(child(flaky, "stackTrace").getTextContent()).isEqualTo("first\nat line 7");
        assertThat(children(shaky, "failure")).isEmpty();
    }

    @Test
    void aCaseThatStaysBadHasAFailureAndReruns() throws Exception {
        Element suite = onlySuite(file(
                attempt(result("a.rb", FileStatus.FAILED, 1, List.of(failed("bad", "first"))), WORKER, 0),
                attempt(result("a.rb", FileStatus.FAILED, 1, List.of(failed("bad", "second"))), OTHER, 2),
                attempt(result("a.rb", FileStatus.FAILED, 1, List.of(failed("bad", "third"))), OTHER, 4)));
        Element bad = child(suite, "testcase");
        assertThat(child(bad, "failure").getAttribute("message")).isEqualTo("first");
        assertThat(children(bad, "rerunFailure"))
                .extracting(e -> e.getAttribute("message"))
                .containsExactly("second", "third");
    }

    @Test
    void casesOfTheSameNameStayApart() throws Exception {
        Element suite = onlySuite(file(
                attempt(result("a.rb", FileStatus.FAILED, 1, List.of(passed("x"), failed("x", "second x"))), WORKER, 0),
                attempt(result("a.rb", FileStatus.PASSED, 1, List.of(passed("x"), passed("x"))), OTHER, 2)));
        List<Element> cases = children(suite, "testcase");
        assertThat(cases).hasSize(2);
        assertThat(children(cases.get(0), "flakyFailure")).isEmpty();
        assertThat(children(cases.get(1), "flakyFailure")).hasSize(1);
    }

    @Test
    void whatIsWrongWithTheFileAsAWholeIsACaseOfItsOwn() throws Exception {
        FileResult first = problem("spec/models/a_spec.rb", FileStatus.CRASHED, "", "last words", null, "KILL");
        FileResult second = problem("spec/models/a_spec.rb", FileStatus.CRASHED, "gone", "again", 3, null);
        Element suite = onlySuite(file(attempt(first, WORKER, 0), attempt(second, OTHER, 3)));
        assertThat(suite.getAttribute("errors")).isEqualTo("1");
        Element test = child(suite, "testcase");
        assertThat(test.getAttribute("name")).isEqualTo("spec/models/a_spec.rb");
        assertThat(test.getAttribute("classname")).isEqualTo("spec.models.a_spec");
        Element error = child(test, "error");
        assertThat(error.getAttribute("message")).contains("signal KILL");
        assertThat(error.getAttribute("type")).isEqualTo("CRASHED");
        assertThat(child(test, "system-out").getTextContent()).isEqualTo("last words");
        Element rerun = child(test, "rerunFailure");
        assertThat(rerun.getAttribute("message")).isEqualTo("gone");
        assertThat(child(rerun, "system-out").getTextContent()).isEqualTo("again");
        assertThat(child(suite, "system-out").getTextContent()).isEqualTo("again");
    }

    @Test
    void aTimeoutKeepsTheCasesThatEnded() throws Exception {
        FileResult timeout = FileResult.of(new TestFile("a.rb"), FileStatus.TIMED_OUT, 600)
                .withCases(List.of(passed("quick")))
                .by("rspec");
        Element suite = onlySuite(file(attempt(timeout, WORKER, 0)));
        List<Element> cases = children(suite, "testcase");
        assertThat(cases).hasSize(2);
        assertThat(child(cases.get(1), "error").getAttribute("message")).contains("timed out after 10 min 00 s");
    }

    @Test
    void aCrashBeforeAPassIsFlaky() throws Exception {
        Element suite = onlySuite(file(
                attempt(problem("a.rb", FileStatus.CRASHED, "gone", "", 1, null), WORKER, 0),
                attempt(result("a.rb", FileStatus.PASSED, 1, List.of(passed("x"))), OTHER, 2)));
        assertThat(suite.getAttribute("errors")).isEqualTo("0");
        Element crash = children(suite, "testcase").get(0);
        assertThat(child(crash, "flakyFailure").getAttribute("message")).isEqualTo("gone");
        assertThat(children(crash, "error")).isEmpty();
    }

    @Test
    void filesWithoutCasesOrResultAreThere() throws Exception {
        FileReport never = new FileReport(new TestFile("b.rb"), List.of(), 0);
        Element root = parse(run(
                List.of(file(attempt(result("a.sh", FileStatus.PASSED, 1, List.of()), WORKER, 0)), never), 2));
        List<Element> suites = children(root, "testsuite");
        assertThat(child(suites.get(0), "testcase").getAttribute("name")).isEqualTo("a.sh");
        assertThat(child(child(suites.get(1), "testcase"), "skipped").getAttribute("message"))
                .isEqualTo("It was not run");
        assertThat(root.getAttribute("tests")).isEqualTo("2");
        assertThat(root.getAttribute("skipped")).isEqualTo("1");
    }

    @Test
    void whatXmlCannotHoldIsReplacedVisibly() throws Exception {
        String nasty =
                "\u001B[31mred\u001B[0m ]]> <b>&amp; \u0000 \uFFFE \uD83D\uDE00 \uD83D half \uDE00 \r\n\ttab\u0085\u2028";
        TestCase test = new TestCase(nasty, nasty, 0, CaseStatus.FAILED, new Failure(nasty, nasty, nasty), nasty, 0);
        FileResult result = FileResult.of(new TestFile("a.rb"), FileStatus.FAILED, 1)
                .withCases(List.of(test))
                .withOutput(nasty)
                .by("x");
        Element suite = onlySuite(file(attempt(result, WORKER, 0)));
        String kept =
                "\\u001B[31mred\\u001B[0m ]]> <b>&amp; \\u0000 \\uFFFE \uD83D\uDE00 \\uD83D half \\uDE00 \r\n\ttab\u0085\u2028";
        Element failure = child(child(suite, "testcase"), "failure");
        assertThat(failure.getAttribute("message")).isEqualTo(kept);
        assertThat(failure.getTextContent()).isEqualTo(kept);
        assertThat(child(suite, "testcase").getAttribute("name")).isEqualTo(kept);
        assertThat(child(suite, "system-out").getTextContent()).isEqualTo(kept);
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24, 25, 26, 27, 28, 29, 30})
    void anyTextSurvivesOrIsEscaped(long seed) throws Exception {
        Random random = new Random(seed);
        for (int i = 0; i < 40; i++) {
            String text = randomText(random);
            TestCase test =
                    new TestCase("n" + text, "c" + text, 0, CaseStatus.ERROR, new Failure(text, text, text), text, 1);
            FileResult result = FileResult.of(new TestFile("a.rb"), FileStatus.FAILED, 1)
                    .withCases(List.of(test))
                    .withMessage(text)
                    .withOutput(text)
                    .by(text);
            Element suite = onlySuite(file(attempt(result, WORKER, 0), attempt(result, WORKER, 0)));
            Element written = children(suite, "testcase").get(0);
            assertThat(written.getAttribute("name")).isEqualTo("n" + expected(text));
            assertThat(child(written, "error").getAttribute("message")).isEqualTo(expected(text));
            assertThat(child(written, "error").getTextContent()).isEqualTo(expected(text));
        }
    }

    private static String randomText(Random random) {
        if (random.nextBoolean()) {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            return new String(bytes, random.nextBoolean() ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
        }
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(60); i > 0; i--) {
            text.append((char)
                    (random.nextInt(3) == 0
                            ? random.nextInt(0x10000)
                            : "]]>&<'\"\r\n\t\u001B ".charAt(random.nextInt(12))));
        }
        return text.toString();
    }

    /** The documented replacement, told another way than the program does it. */
    private static String expected(String text) {
        StringBuilder kept = new StringBuilder();
        text.codePoints().forEach(c -> {
            boolean control = c < 0x20 && c != '\t' && c != '\n' && c != '\r';
            boolean half = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
            if (control || half || c == 0xFFFE || c == 0xFFFF) {
                kept.append(String.format("\\u%04X", c));
            } else {
                kept.appendCodePoint(c);
            }
        });
        return kept.toString();
    }

    @Test
    void theSameRunGivesTheSameBytes() throws Exception {
        assertThat(bytes(SampleRuns.big(5, 200, 2, 3, 4))).isEqualTo(bytes(SampleRuns.big(5, 200, 2, 3, 4)));
    }

    @Test
    void countsOfTheWholeAreTheSumsOfItsSuites() throws Exception {
        Element root = parse(SampleRuns.big(6, 300, 3, 3, 5));
        for (String name : List.of("tests", "failures", "errors", "skipped", "flakes")) {
            int sum = children(root, "testsuite").stream()
                    .mapToInt(s -> Integer.parseInt(s.getAttribute(name)))
                    .sum();
            assertThat(root.getAttribute(name)).as(name).isEqualTo(String.valueOf(sum));
        }
        for (Element suite : children(root, "testsuite")) {
            List<Element> cases = children(suite, "testcase");
            assertThat(suite.getAttribute("tests")).isEqualTo(String.valueOf(cases.size()));
            assertThat(cases.stream()
                            .filter(c -> !children(c, "failure").isEmpty())
                            .count())
                    .isEqualTo(Long.parseLong(suite.getAttribute("failures")));
            assertThat(cases.stream()
                            .filter(c -> !children(c, "error").isEmpty())
                            .count())
                    .isEqualTo(Long.parseLong(suite.getAttribute("errors")));
        }
    }
}
