package io.jenkins.plugins.distributedtest;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Says at the end of a build which tests did not run and why: real servers and interpreters that this host lacks must
 * be seen, not pass in silence.
 */
public final class SkippedTests implements TestExecutionListener {
    private final Map<String, Set<String>> byReason = new TreeMap<>();

    @Override
    public synchronized void executionSkipped(TestIdentifier test, String reason) {
        add(test, reason);
    }

    @Override
    public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
            add(test, result.getThrowable().map(Throwable::getMessage).orElse("no reason given"));
        }
    }

    private void add(TestIdentifier test, String reason) {
        String clean = String.valueOf(reason)
                .replaceFirst("^Assumption failed: ", "")
                .lines()
                .findFirst()
                .orElse("");
        byReason.computeIfAbsent(clean, r -> new TreeSet<>()).add(name(test));
    }

    private static String name(TestIdentifier test) {
        Object source = test.getSource().orElse(null);
        if (source instanceof MethodSource method) {
            return shortName(method.getClassName()) + "." + test.getDisplayName();
        }
        return source instanceof ClassSource type ? shortName(type.getClassName()) : test.getDisplayName();
    }

    private static String shortName(String className) {
        return className.substring(className.lastIndexOf('.') + 1);
    }

    @Override
    public synchronized void testPlanExecutionFinished(TestPlan plan) {
        byReason.forEach((reason, tests) -> {
            System.out.println("SKIPPED (" + tests.size() + "): " + reason);
            tests.forEach(test -> System.out.println("    " + test));
        });
        byReason.clear();
    }
}
