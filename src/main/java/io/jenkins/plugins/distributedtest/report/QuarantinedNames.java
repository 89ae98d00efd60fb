package io.jenkins.plugins.distributedtest.report;

import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import java.util.List;

/** Names the tests that failed in a file, a line each. */
final class QuarantinedNames {
    private static final int NAMED = 10;

    private QuarantinedNames() {}

    /** The lines, each with a line break before it; empty where the file as a whole is bad. */
    static String of(FileReport file) {
        List<TestCase> bad = file.last().result().cases().stream()
                .filter(test -> test.status().isBad())
                .toList();
        StringBuilder lines = new StringBuilder();
        bad.stream().limit(NAMED).forEach(test -> lines.append("\n    ").append(name(test)));
        if (bad.size() > NAMED) {
            lines.append("\n    and ").append(bad.size() - NAMED).append(" more");
        }
        return lines.toString();
    }

    private static String name(TestCase test) {
        String name = test.className().isEmpty() || test.name().startsWith(test.className())
                ? test.name()
                : test.className() + " " + test.name();
        return Terminal.harmless(name).replace('\n', ' ');
    }
}
