package io.jenkins.plugins.distributedtest.junitrunner;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.runner.Description;
import org.junit.runner.notification.Failure;
import org.junit.runner.notification.RunListener;

/** Turns what JUnit 4 tells into cases of one file. A class is told of where it failed itself, or was ignored as a whole. */
final class JUnit4Cases extends RunListener {
    private final CaseSender sender;
    private final Map<Description, Long> begins = new ConcurrentHashMap<>();
    /** What the tests that are running have come to, other than passed. */
    private final Map<Description, Map<String, Object>> outcomes = new ConcurrentHashMap<>();

    JUnit4Cases(CaseSender sender) {
        this.sender = sender;
    }

    @Override
    public void testStarted(Description test) {
        begins.put(test, System.nanoTime());
    }

    @Override
    public void testFailure(Failure failure) {
        boolean assertion = failure.getException() instanceof AssertionError;
        ended(failure, assertion && failure.getDescription().isTest() ? "failed" : "error");
    }

    @Override
    public void testAssumptionFailure(Failure failure) {
        ended(failure, "skipped");
    }

    private void ended(Failure failure, String status) {
        Map<String, Object> told = told(failure.getDescription(), status);
        CaseListener.failure(told, failure.getException());
        if (begins.containsKey(failure.getDescription())) {
            outcomes.putIfAbsent(failure.getDescription(), told);
        } else {
            sender.send(told);
        }
    }

    @Override
    public void testIgnored(Description test) {
        sender.send(told(test, "skipped"));
    }

    @Override
    public void testFinished(Description test) {
        Map<String, Object> told = outcomes.remove(test);
        told = told == null ? told(test, "passed") : told;
        Long begin = begins.remove(test);
        told.put("seconds", begin == null ? 0.0 : (System.nanoTime() - begin) / 1e9);
        sender.send(told);
    }

    private static Map<String, Object> told(Description test, String status) {
        Class<?> of = test.getTestClass();
        String method = test.getMethodName();
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("name", method != null ? method : of != null ? of.getSimpleName() : test.getDisplayName());
        told.put("class", test.getClassName());
        told.put("seconds", 0.0);
        told.put("status", status);
        return told;
    }
}
