package io.jenkins.plugins.distributedtest.junitrunner;

import io.jenkins.plugins.distributedtest.files.NamePattern;
import java.util.ArrayList;
import java.util.List;
import org.testng.IMethodInstance;
import org.testng.IMethodInterceptor;
import org.testng.ITestContext;
import org.testng.ITestNGListener;
import org.testng.TestNG;
import org.testng.xml.XmlSuite;

/** TestNG as Gradle's Test task sets it up. */
final class TestNgOfGradle {
    private TestNgOfGradle() {}

    /** Makes one that knows no tests yet. */
    static TestNG configured() throws ReflectiveOperationException {
        TestNG testng = new TestNG();
        testng.setOutputDirectory("build/reports/tests/testng");
        testng.setDefaultSuiteName(told("suiteName", "Gradle suite"));
        testng.setDefaultTestName(told("testName", "Gradle test"));
        String parallel = told("parallel", "");
        if (!parallel.isEmpty()) {
            testng.setParallel(XmlSuite.ParallelMode.getValidParallel(parallel));
        }
        int threads = Integer.parseInt(told("threadCount", "-1"));
        if (threads > 0) {
            testng.setThreadCount(threads);
        }
        testng.setConfigFailurePolicy(XmlSuite.FailurePolicy.getValidPolicy(told("configFailurePolicy", "skip")));
        testng.setPreserveOrder(Boolean.parseBoolean(told("preserveOrder", "false")));
        testng.setGroupByInstances(Boolean.parseBoolean(told("groupByInstances", "false")));
        testng.setUseDefaultListeners(Boolean.parseBoolean(told("useDefaultListeners", "false")));
        testng.setVerbose(0);
        testng.setGroups(System.getProperty("distributedtest.tags.include", ""));
        testng.setExcludedGroups(System.getProperty("distributedtest.tags.exclude", ""));
        for (String listener : BuildFilters.told("listeners", ",")) {
            testng.addListener((ITestNGListener)
                    Class.forName(listener).getDeclaredConstructor().newInstance());
        }
        testng.addListener((ITestNGListener) new Filter());
        return testng;
    }

    private static String told(String name, String usual) {
        return System.getProperty("distributedtest.testng." + name, usual);
    }

    /** Gradle's filter: by class and method, or by the name of the suite. */
    private static final class Filter implements IMethodInterceptor {
        private final List<NamePattern> included = patterns("filter.include");
        private final List<NamePattern> excluded = patterns("filter.exclude");

        private static List<NamePattern> patterns(String name) {
            List<NamePattern> patterns = new ArrayList<>();
            BuildFilters.told(name, "\n").forEach(each -> patterns.add(new NamePattern(each)));
            return patterns;
        }

        @Override
        public List<IMethodInstance> intercept(List<IMethodInstance> methods, ITestContext context) {
            List<IMethodInstance> kept = new ArrayList<>();
            String suite = context.getSuite().getName();
            for (IMethodInstance each : methods) {
                String type = each.getMethod().getTestClass().getName();
                String method = each.getMethod().getMethodName();
                if (isMeant(type, method) || isMeant(suite, "")) {
                    kept.add(each);
                }
            }
            return kept;
        }

        private boolean isMeant(String type, String method) {
            return (included.isEmpty() || included.stream().anyMatch(each -> each.matches(type, method)))
                    && excluded.stream().noneMatch(each -> each.matches(type, method));
        }
    }
}
