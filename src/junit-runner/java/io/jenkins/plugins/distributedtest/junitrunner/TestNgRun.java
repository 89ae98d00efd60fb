package io.jenkins.plugins.distributedtest.junitrunner;

import java.lang.reflect.Method;
import java.nio.file.Paths;
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
 * Runs tests by TestNG: the classes of a file as one suite, or the suite that an XML file describes. TestNG is the
 * project's own, 6.10 or later; where there is none, this class cannot be loaded.
 */
final class TestNgRun {
    private static final boolean GRADLE = "gradle".equals(System.getProperty("distributedtest.testng"));
    /** The module's directory; the tests may run elsewhere. */
    private static final String BASE = System.getProperty("basedir", "");

    private TestNgRun() {}

    private static boolean isSuite(String file) {
        return file.endsWith(".xml") && ToldClasses.of(file).isEmpty();
    }

    /**
     * Runs a file to its end.
     *
     * @throws TestClassFinder.NotFound if it stands for no class
     * @throws ReflectiveOperationException if a listener that Gradle was given cannot be made
     */
    static void run(String file, CaseSender sender) throws TestClassFinder.NotFound, ReflectiveOperationException {
        if (isSuite(file)) {
            TestNG testng = GRADLE ? TestNgOfGradle.configured() : configured(false);
            testng.setTestSuites(Collections.singletonList(Paths.get(BASE, file).toString()));
            run(testng, sender);
            return;
        }
        if (GRADLE) {
            TestNG testng = TestNgOfGradle.configured();
            testng.setTestClasses(TestClassFinder.find(file).toArray(new Class<?>[0]));
            run(testng, sender);
            return;
        }
        List<Class<?>> own = new ArrayList<>();
        List<Class<?>> junit = new ArrayList<>();
        for (Class<?> each : TestClassFinder.find(file)) {
            (isOfJUnit(each) ? junit : own).add(each);
        }
        run(own, false, sender);
        run(junit, true, sender);
    }

    private static void run(List<Class<?>> classes, boolean junit, CaseSender sender) {
        if (!classes.isEmpty()) {
            TestNG testng = configured(junit);
            testng.setXmlSuites(Collections.singletonList(suite(classes, junit)));
            run(testng, sender);
        }
    }

    private static void run(TestNG testng, CaseSender sender) {
        testng.addListener((ITestNGListener) new TestNgCases(sender, GRADLE));
        testng.run();
    }

    /** As Surefire tells them apart; versions of TestNG from 7.6 on do not run these. */
    private static boolean isOfJUnit(Class<?> test) {
        if (ToldClasses.isOfJUnit3(test) || ToldClasses.isAnnotated(test.getAnnotations(), "RunWith")) {
            return true;
        }
        for (Method each : test.getMethods()) {
            if (ToldClasses.isAnnotated(each.getAnnotations(), "Test")) {
                return true;
            }
        }
        return false;
    }

    /** As Surefire does it: what TestNG's command sets by itself holds, such as that a data provider that fails is a failure. */
    @SuppressWarnings("deprecation") // TestNG offers nothing else for that
    private static TestNG configured(boolean junit) {
        TestNG testng = new TestNG(false);
        Map<String, Object> options = new HashMap<>();
        options.put("-mixed", false);
        options.put("-junit", junit);
        put(options, "-groups", "tags.include");
        put(options, "-excludegroups", "tags.exclude");
        put(options, "-listener", "listeners");
        testng.configure(options);
        testng.setVerbose(0);
        testng.setOutputDirectory(Paths.get(BASE, "target", "surefire-reports").toString());
        return testng;
    }

    private static void put(Map<String, Object> options, String option, String told) {
        String value = System.getProperty("distributedtest." + told, "");
        if (!value.isEmpty()) {
            options.put(option, value);
        }
    }

    /** TestNG 7 has no such setting any more, and finds no tests in classes of JUnit. */
    private static void runAsJUnit(XmlTest test) {
        try {
            XmlTest.class.getMethod("setJUnit", boolean.class).invoke(test, true);
        } catch (NoSuchMethodException e) {
            return;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("TestNG cannot be told to run tests of JUnit", e);
        }
    }

    /** Named as Surefire names it. */
    private static XmlSuite suite(List<Class<?>> classes, boolean junit) {
        XmlSuite suite = new XmlSuite();
        suite.setName("Surefire suite");
        XmlTest test = new XmlTest(suite);
        test.setName("Surefire test");
        if (junit) {
            runAsJUnit(test);
        }
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
