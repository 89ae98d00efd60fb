package io.jenkins.plugins.distributedtest.junitrunner;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.testng.ITestResult;
import org.testng.TestListenerAdapter;

/**
 * Turns what TestNG tells into cases of one file, as Surefire or Gradle report them: invocations by their parameters, and
 * methods of the configuration where they fail or, for Surefire, are skipped. Listens on any thread.
 */
final class TestNgCases extends TestListenerAdapter {
    private final CaseSender sender;
    private final boolean gradle;
    /** By tests that run: Gradle names them when they start. */
    private final Map<ITestResult, String> names = Collections.synchronizedMap(new IdentityHashMap<>());

    /** @param gradle whether as Gradle reports them */
    TestNgCases(CaseSender sender, boolean gradle) {
        this.sender = sender;
        this.gradle = gradle;
    }

    @Override
    public void onTestStart(ITestResult result) {
        if (gradle) {
            names.put(result, nameByGradle(result));
        }
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
        if (!gradle) {
            onTestSkipped(result);
        }
    }

    private void send(ITestResult result, String status) {
        Map<String, Object> told = new LinkedHashMap<>();
        String started = names.remove(result);
        told.put("name", started != null ? started : gradle ? result.getName() : name(result));
        told.put("class", result.getTestClass().getName());
        told.put("seconds", Math.max(0, result.getEndMillis() - result.getStartMillis()) / 1e3);
        told.put("status", status);
        if (!status.equals("passed")) {
            CaseListener.failure(told, result.getThrowable());
        }
        sender.send(told);
    }

    private static String nameByGradle(ITestResult result) {
        Object[] parameters = result.getParameters();
        if (parameters == null || parameters.length == 0) {
            return result.getName();
        }
        List<String> shown = new ArrayList<>();
        for (Object each : parameters) {
            shown.add(String.valueOf(each));
        }
        return result.getName() + "[" + result.getMethod().getCurrentInvocationCount() + "](" + String.join(", ", shown)
                + ")";
    }

    private static String name(ITestResult result) {
        Object[] parameters = result.getParameters();
        return parameters == null || parameters.length == 0
                ? result.getName()
                : result.getName() + Arrays.toString(parameters) + "("
                        + result.getMethod().getCurrentInvocationCount() + ")";
    }
}
