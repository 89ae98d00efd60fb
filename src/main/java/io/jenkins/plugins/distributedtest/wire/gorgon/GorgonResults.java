package io.jenkins.plugins.distributedtest.wire.gorgon;

import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.Failure;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Results between our form and Gorgon's. Gorgon's knows two runners ({@code rspec}, whose failures are objects, and
 * {@code test_unit}, whose failures are texts) and tells of failing tests only; a file that raised outside of a test is
 * a {@code crash} with one text and no runner.
 */
public final class GorgonResults {
    /** The head of a failure of test-unit's: kind, test, class, place. */
    private static final Pattern HEAD = Pattern.compile(
            "\\A(Failure|Error):\\R?\\s*([^\\n(]+)\\(([^)\\n]+)\\)(?: \\[([^\\]\\n]+?):(\\d+)\\])?:?\\R?",
            Pattern.UNICODE_CHARACTER_CLASS);

    private GorgonResults() {}

    /**
     * A result as a Ruby originator understands it.
     *
     * @param result the result
     * @param hostname the worker's host
     * @param workerId the worker's number
     * @param ours our additions; null towards a Ruby originator
     * @throws IllegalArgumentException if the file was cancelled: no finish is sent for such a file
     */
    public static GorgonMessage.Finish finish(
            FileResult result, String hostname, String workerId, GorgonMessage.Ours ours) {
        if (result.status() == FileStatus.CANCELLED) {
            throw new IllegalArgumentException("Cancelled, so it has no finish: " + result.file());
        }
        List<TestCase> bad =
                result.cases().stream().filter(c -> c.status().isBad()).toList();
        boolean rspec = result.runner().equals("rspec");
        String type = "pass";
        String runner = rspec ? "rspec" : "test_unit";
        List<GorgonMessage.Failure> failures = new ArrayList<>();
        if (result.status().isBad()) {
            boolean fileLevel = bad.isEmpty() || result.status() != FileStatus.FAILED;
            type = fileLevel ? "crash" : "fail";
            runner = fileLevel ? null : runner;
            if (fileLevel) {
                failures.add(new GorgonMessage.Failure.Text(fileText(result)));
            }
            bad.forEach(c -> failures.add(rspec && !fileLevel ? example(result, c) : text(result, c)));
        }
        return new GorgonMessage.Finish(
                hostname,
                workerId,
                result.file().path(),
                result.seconds(),
                failures,
                type,
                runner,
                result.seconds(),
                ours);
    }

    /**
     * A finish message as a result. Our own listeners' results come through whole.
     *
     * @param finish the message
     * @throws IllegalArgumentException if its file is not a path inside a project
     */
    public static FileResult result(GorgonMessage.Finish finish) {
        if (finish.ours() != null && finish.ours().result() != null) {
            return finish.ours().result();
        }
        boolean crash = finish.type().equals("crash");
        boolean passed = finish.type().equals("pass") && finish.failures().isEmpty();
        TestFile file = new TestFile(finish.filename());
        List<TestCase> cases = new ArrayList<>();
        if (!crash) {
            finish.failures().forEach(failure -> cases.add(testCase(file, failure)));
        }
        if (passed) {
            // A Ruby listener tells of a file as a whole, not of its tests.
            cases.add(new TestCase(file.path(), file.path(), finish.runtime(), CaseStatus.PASSED, null, "", 0));
        }
        String message = crash
                ? finish.failures().stream().map(GorgonResults::textOf).collect(Collectors.joining("\n"))
                : passed || !cases.isEmpty() ? "" : "The listener calls it '" + finish.type() + "' without a failure.";
        return FileResult.of(file, passed ? FileStatus.PASSED : FileStatus.FAILED, finish.runtime())
                .withCases(cases)
                .withMessage(message)
                .by(runnerName(finish.runner()));
    }

    private static String runnerName(String runner) {
        return runner == null ? "" : runner.equals("test_unit") ? "test-unit" : runner;
    }

    private static TestCase testCase(TestFile file, GorgonMessage.Failure failure) {
        if (failure instanceof GorgonMessage.Failure.Example example) {
            return exampleCase(file, example);
        }
        String text = textOf(failure);
        Matcher head = HEAD.matcher(text);
        if (!head.find()) {
            String first = text.strip().lines().findFirst().orElse("failure");
            return new TestCase(first, file.path(), 0, CaseStatus.FAILED, new Failure(text, "", ""), "", 0);
        }
        boolean error = head.group(1).equals("Error");
        return new TestCase(
                head.group(2).strip(),
                head.group(3).strip(),
                0,
                error ? CaseStatus.ERROR : CaseStatus.FAILED,
                new Failure(text.substring(head.end()).strip(), head.group(1), text),
                "",
                line(head.group(5)));
    }

    private static int line(String digits) {
        return digits == null || digits.length() > 9 ? 0 : Integer.parseInt(digits);
    }

    private static TestCase exampleCase(TestFile file, GorgonMessage.Failure.Example example) {
        String full = example.fullDescription();
        String name = example.description().isEmpty() ? full : example.description();
        String group = full.endsWith(name)
                ? full.substring(0, full.length() - name.length()).strip()
                : "";
        boolean expectation = example.exceptionClass().endsWith("ExpectationNotMetError")
                || example.exceptionClass().endsWith("MultipleExpectationsNotMetError")
                || example.exceptionClass().endsWith("MockExpectationError");
        return new TestCase(
                name.isEmpty() ? example.testName() : name,
                group.isEmpty() ? file.path() : group,
                0,
                expectation ? CaseStatus.FAILED : CaseStatus.ERROR,
                new Failure(example.message().strip(), example.exceptionClass(), String.join("\n", example.location())),
                "",
                Math.max(0, example.lineNumber()));
    }

    private static String textOf(GorgonMessage.Failure failure) {
        if (failure instanceof GorgonMessage.Failure.Text text) {
            return text.text();
        }
        GorgonMessage.Failure.Example example = (GorgonMessage.Failure.Example) failure;
        return example.testName() + "\n" + example.message();
    }

    private static String fileText(FileResult result) {
        String what = result.message().isEmpty() ? result.status().name() : result.message();
        return "Exception: " + what + (result.output().isEmpty() ? "" : "\n" + result.output());
    }

    private static GorgonMessage.Failure example(FileResult result, TestCase testCase) {
        Failure failure = testCase.failure() == null ? new Failure("", "", "") : testCase.failure();
        String full = testCase.className().equals(result.file().path())
                ? testCase.name()
                : testCase.className() + " " + testCase.name();
        return new GorgonMessage.Failure.Example(
                full + ": line " + testCase.line(),
                testCase.name(),
                full,
                "./" + result.file().path(),
                testCase.line(),
                failure.type().isEmpty() ? "RuntimeError" : failure.type(),
                failure.message(),
                failure.trace().lines().toList());
    }

    private static GorgonMessage.Failure text(FileResult result, TestCase testCase) {
        Failure failure = testCase.failure() == null ? new Failure("", "", "") : testCase.failure();
        String kind = testCase.status() == CaseStatus.ERROR ? "Error" : "Failure";
        String place = testCase.line() > 0 ? " [" + result.file().path() + ":" + testCase.line() + "]" : "";
        String trace = failure.trace().isEmpty() || failure.trace().contains(failure.message())
                ? failure.trace()
                : failure.message() + "\n" + failure.trace();
        return new GorgonMessage.Failure.Text(kind + ":\n" + testCase.name() + "(" + testCase.className() + ")" + place
                + ":\n" + (trace.isEmpty() ? failure.message() : trace));
    }
}
