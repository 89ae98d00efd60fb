package io.jenkins.plugins.distributedtest.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What of an execution of Surefire or Failsafe is not as its build has it, for people to know before the run. */
final class NotCarriedOver {
    private NotCarriedOver() {}

    /** All of it, by the names of the parameters; empty for nothing. */
    static List<String> of(TestExecution execution, SurefireProvider provider) throws IOException {
        List<String> left = new ArrayList<>(coverageChecks(execution));
        for (String name : List.of("test", "skipAfterFailureCount")) {
            if (!execution.text(name).matches("0?")) {
                left.add(name);
            }
        }
        if (provider == SurefireProvider.TESTNG
                && (execution.text("groups") + execution.text("excludedGroups")).matches(".*[&|!(].*")) {
            left.add("groups that are expressions");
        }
        if (execution.isIntegration() && !execution.text("preIntegrationTest").isEmpty()) {
            left.add("what runs before it in pre-integration-test, " + execution.text("preIntegrationTest"));
        }
        left.addAll(sourcesOutside(execution));
        if (ExecutionOptions.workingDirectory(execution) == null) {
            left.add("workingDirectory, which is outside of the module");
        }
        return left;
    }

    /** Goals that are no part of the tests, and fail the build's own command where the tests have passed. */
    private static List<String> coverageChecks(TestExecution execution) {
        String checks = execution.text("coverageChecks");
        return checks.isEmpty()
                ? List.of()
                : List.of(checks + ", which judges the coverage of all tests (docs/coverage.md)");
    }

    private static List<String> sourcesOutside(TestExecution execution) throws IOException {
        List<String> outside = new ArrayList<>();
        for (String sources : execution.list("testSourceRoots")) {
            if (Files.isDirectory(Path.of(sources))
                    && !Path.of(sources)
                            .toRealPath()
                            .startsWith(execution.module().toRealPath())) {
                outside.add("test sources outside of the module, " + sources);
            }
        }
        return outside;
    }
}
