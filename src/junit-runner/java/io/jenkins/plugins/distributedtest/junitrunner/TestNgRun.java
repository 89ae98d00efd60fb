package io.jenkins.plugins.distributedtest.junitrunner;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.testng.ITestNGListener;
import org.testng.TestNG;
import org.testng.xml.XmlClass;
import org.testng.xml.XmlSuite;
import org.testng.xml.XmlTest;

/**
 * Runs tests by TestNG: the classes of a file as one suite, or
 * the suite that an XML file describes. TestNG is the project's own, 6.10 or later; where there is none, this class cannot be loaded.
 */
final class TestNgRun {
    private TestNgRun() {}

    private static boolean isSuite(String file) {
        return file.endsWith(".xml") && ToldClasses.of(file).isEmpty();
    }

    /**
     * Runs a file to its end.
     *
     * @return whether nothing went wrong
     * @throws TestClassFinder.NotFound if it stands for no class
     */
    static boolean run(String file, Control control, long run) throws TestClassFinder.NotFound {
        List<Class<?>> classes = isSuite(file) ? Collections.emptyList() : TestClassFinder.find(file);
        TestNG testng = configured();
        if (isSuite(file)) {
            testng.setTestSuites(Collections.singletonList(file));
        } else if (classes.isEmpty()) {
            return true;
        } else {
            testng.setXmlSuites(Collections.singletonList(suite(classes)));
        }
        TestNgCases cases = new TestNgCases(control, run);
        testng.addListener((ITestNGListener) cases);
        testng.run();
        return !cases.isBad();
    }

    /** As Surefire does it: what TestNG's command sets by itself holds, such as that a data provider that fails is a failure. */
    @SuppressWarnings("deprecation") // TestNG offers nothing else for that
    private static TestNG configured() {
        TestNG testng = new TestNG(false);
        Map<String, Object> options = new HashMap<>();
        options.put("-mixed", false);
        put(options, "-groups", "tags.include");
        put(options, "-excludegroups", "tags.exclude");
        put(options, "-listener", "listeners");
        testng.configure(options);
        testng.setVerbose(0);
        testng.setOutputDirectory("target/surefire-reports");
        return testng;
    }

    private static void put(Map<String, Object> options, String option, String told) {
        String value = System.getProperty("distributedtest." + told, "");
        if (!value.isEmpty()) {
            options.put(option, value);
        }
    }

    /** Named as Surefire names it. */
    private static XmlSuite suite(List<Class<?>> classes) {
        XmlSuite suite = new XmlSuite();
        suite.setName("Surefire suite");
        XmlTest test = new XmlTest(suite);
        test.setName("Surefire test");
        List<XmlClass> all = new ArrayList<>();
        for (Class<?> each : classes) {
            XmlClass one = new XmlClass(each.getName());
            one.setIndex(all.size());
            all.add(one);
        }
        test.setXmlClasses(all);
        return suite;
    }
}
