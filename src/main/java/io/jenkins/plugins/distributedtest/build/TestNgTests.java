package io.jenkins.plugins.distributedtest.build;

import io.jenkins.plugins.distributedtest.files.ClassFile;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The files that stand for an execution's tests of TestNG. Surefire and Gradle run all of a module's classes as one suite.
 * They are run by themselves where that changes nothing; where a class may reach into others (its methods come before the
 * whole suite, or it waits for groups), one file stands for all of them, and a suite's XML file for itself.
 */
final class TestNgTests {
    private static final String SUITES = "suiteXmlFiles";
    private static final List<String> REACHING = Stream.concat(
                    Stream.of(
                                    "BeforeSuite",
                                    "AfterSuite",
                                    "BeforeTest",
                                    "AfterTest",
                                    "BeforeGroups",
                                    "AfterGroups",
                                    "Listeners")
                            .map(TestNgTests::annotation),
                    Stream.of("dependsOnGroups", "suiteName", "testName"))
            .toList();

    private final TestExecution execution;
    private final Path root;
    private final Path module;
    private final CollectedTests collected;

    /**
     * @param root the build's root, absolute and without links in it
     * @param module the directory that the tests run in, likewise
     * @param collected takes warnings
     */
    TestNgTests(TestExecution execution, Path root, Path module, CollectedTests collected) {
        this.execution = execution;
        this.root = root;
        this.module = module;
        this.collected = collected;
    }

    /** The descriptor of one of TestNG's annotations. */
    static String annotation(String name) {
        return "Lorg/testng/annotations/" + name + ";";
    }

    /** Whether it names files of suites. */
    boolean hasSuites() {
        return !execution.list(SUITES).isEmpty();
    }

    /** The files of its suites; none has classes. */
    Map<TestFile, List<String>> suites() {
        Map<TestFile, List<String>> files = new LinkedHashMap<>();
        for (String each : execution.list(SUITES)) {
            Path file = module.resolve(each).normalize();
            if (file.startsWith(module)) {
                files.put(new TestFile(CollectedTests.relative(root, file)), List.of());
            } else {
                collected.warn("Left out the suite " + file + " of " + execution + ": it is outside of " + module);
            }
        }
        return files;
    }

    /**
     * One file for all classes together; null if each can run by itself.
     *
     * @param classes the directories of the compiled tests
     * @param file the file, in the module
     */
    Map<TestFile, List<String>> together(List<FoundClass> found, List<String> classes, Path file) throws IOException {
        String reason = found.size() < 2 ? null : reason(classes);
        if (reason == null) {
            return null;
        }
        TestFile one = new TestFile(CollectedTests.relative(root, file));
        collected.warn("The tests of " + execution + " run together, as " + one + ": " + reason
                + " concerns more than one class");
        List<String> names = new ArrayList<>();
        found.forEach(each -> names.add(each.name()));
        Map<TestFile, List<String>> files = new LinkedHashMap<>();
        files.put(one, names);
        return files;
    }

    private static String reason(List<String> directories) throws IOException {
        List<Path> classes = new ArrayList<>();
        for (String each : directories) {
            classes.addAll(ModuleClasses.classFiles(Path.of(each)));
        }
        for (Path each : classes) {
            ClassFile read = ClassFile.read(each);
            for (String text : REACHING) {
                if (read.mentions(text)) {
                    return text.startsWith("L")
                            ? "@" + text.substring(text.lastIndexOf('/') + 1, text.length() - 1)
                            : text;
                }
            }
        }
        return null;
    }
}
