package io.jenkins.plugins.distributedtest.junitrunner;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.testng.ITestResult;
import org.testng.TestListenerAdapter;

/**
 * Turns what TestNG tells into cases of one file, as Surefire reports them: invocations by their parameters, and methods of
 * the configuration where they fail or are skipped. Listens on any thread.
 */
final class TestNgCases extends TestListenerAdapter {
    private final CaseSender sender;

    TestNgCases(CaseSender sender) {
        this.sender = sender;
    }

    @Override
    public void onTestSuccess(ITestResult result) {
        send(result, "passed");
    }

    @Override
    public void onTestFailedButWithinSuccessPercentage(ITestResult result) {
        send(result, "passed");
    }

    @Override
    public void onTestSkipped(ITestResult result) {
        send(result, "skipped");
    }

    @Override
    public void onTestFailure(ITestResult result) {
        send(result, result.getThrowable() instanceof AssertionError ? "failed" : "error");
    }

    @Override
    public void onConfigurationFailure(ITestResult result) {
        onTestFailure(result);
    }

    @Override
    public void onConfigurationSkip(ITestResult result) {
        onTestSkipped(result);
    }

    private void send(ITestResult result, String status) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("name", name(result));
        told.put("class", result.getTestClass().getName());
        told.put("seconds", Math.max(0, result.getEndMillis() - result.getStartMillis()) / 1e3);
        told.put("status", status);
        if (!status.equals("passed")) {
            CaseListener.failure(told, result.getThrowable());
        }
        sender.send(told);
    }

    private static String name(ITestResult result) {
        Object[] parameters = result.getParameters();
        return parameters == null || parameters.length == 0
                ? result.getName()
                : result.getName() + Arrays.toString(parameters) + "("
                        + result.getMethod().getCurrentInvocationCount() + ")";
    }
}
