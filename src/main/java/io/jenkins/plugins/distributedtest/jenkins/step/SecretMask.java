package io.jenkins.plugins.distributedtest.jenkins.step;

import io.jenkins.plugins.distributedtest.suite.Attempt;
import io.jenkins.plugins.distributedtest.suite.Collected;
import io.jenkins.plugins.distributedtest.suite.Failure;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.ListenerReport;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Replaces secrets of the build in what tests have printed, as Jenkins does in the log: the build's page, its JSON and
 * the JUnit results hold the same texts as the log, and are kept as long. Paths of files and what hosts and listeners are
 * called stay as they are.
 *
 * @param secrets what is replaced, the longest first
 */
record SecretMask(List<String> secrets) {
    /** What stands in a secret's place, as in the log. */
    static final String MASK = "****";
    /** Replaces nothing. */
    static final SecretMask NONE = new SecretMask(List.of());
    /** A line of a longer secret that is shorter is found everywhere. */
    private static final int SHORTEST_LINE = 8;

    /** Copies the secrets. */
    SecretMask {
        secrets = List.copyOf(secrets);
    }

    /**
     * Hides values, and each longer line of those that have several.
     *
     * @param values the secrets; null and blank ones are none
     */
    static SecretMask of(Collection<String> values) {
        return new SecretMask(values.stream()
                .filter(value -> value != null && !value.isBlank())
                .flatMap(value -> Stream.concat(
                        Stream.of(value, value.strip()),
                        value.lines().map(String::strip).filter(line -> line.length() >= SHORTEST_LINE)))
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList());
    }

    /** A text without the secrets. */
    String hide(String text) {
        String hidden = text;
        for (String secret : secrets) {
            hidden = hidden.replace(secret, MASK);
        }
        return hidden;
    }

    /** A run whose texts are without the secrets. */
    RunReport hide(RunReport run) {
        if (secrets.isEmpty() || run == null) {
            return run;
        }
        return new RunReport(
                run.runId(),
                run.project(),
                run.startedAt(),
                run.wallSeconds(),
                run.end(),
                hide(run.problem()),
                run.files().stream().map(this::hide).toList(),
                run.listeners().stream().map(this::hide).toList(),
                run.noTestsAllowed(),
                hide(run.collected()),
                run.quarantine());
    }

    private Collected hide(Collected collected) {
        return new Collected(
                collected.directory(),
                collected.files(),
                collected.bytes(),
                collected.missing(),
                collected.problems().stream().map(this::hide).toList());
    }

    private ListenerReport hide(ListenerReport one) {
        return new ListenerReport(
                one.listener(),
                one.host(),
                one.version(),
                one.slots(),
                one.joinedOffset(),
                one.leftOffset(),
                one.syncSeconds(),
                hide(one.problem()),
                one.trouble());
    }

    private FileReport hide(FileReport file) {
        return new FileReport(
                file.file(), file.attempts().stream().map(this::hide).toList(), file.expectedSeconds(), file.running());
    }

    private Attempt hide(Attempt attempt) {
        FileResult result = attempt.result();
        return new Attempt(
                result.withCases(result.cases().stream().map(this::hide).toList())
                        .withMessage(hide(result.message()))
                        .withOutput(hide(result.output())),
                attempt.worker(),
                attempt.lease(),
                attempt.startOffset());
    }

    private TestCase hide(TestCase test) {
        Failure failure = test.failure();
        return new TestCase(
                hide(test.name()),
                hide(test.className()),
                test.seconds(),
                test.status(),
                failure == null
                        ? null
                        : new Failure(hide(failure.message()), hide(failure.type()), hide(failure.trace())),
                hide(test.output()),
                test.line());
    }
}
