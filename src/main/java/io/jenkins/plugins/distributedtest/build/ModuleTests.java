package io.jenkins.plugins.distributedtest.build;

import io.jenkins.plugins.distributedtest.suite.SuiteException;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes sub-projects of the executions of a Maven build's test plugins. */
final class ModuleTests {
    /** In the build's output, so that it is neither in anybody's way nor in version control. */
    private static final String OUTPUT = "target/distributed-test";

    private final Path root;
    private final ClassPathJars jars;
    private final CollectedTests collected = new CollectedTests();
    private final ToldFiles told;

    private ModuleTests(Path root) throws IOException {
        this.root = root;
        jars = new ClassPathJars(root, OUTPUT);
        told = new ToldFiles(root, OUTPUT, collected);
    }

    /**
     * Makes them.
     *
     * @param root the build's root, absolute and without links in it
     * @throws SuiteException if a pattern is malformed; the message names it
     */
    static BuildTests of(Path root, List<TestExecution> executions) throws IOException, SuiteException {
        ModuleTests tests = new ModuleTests(root);
        for (TestExecution execution : executions) {
            if (!execution.isSkipped()) {
                tests.add(execution);
            }
        }
        tests.jars.tidy();
        return tests.collected.all();
    }

    /**
     * Whether tests of the build may need what it packages: its archives are there when Failsafe's tests run.
     *
     * @throws SuiteException if a pattern is malformed; the message names it
     */
    static boolean needArchives(Path root, List<TestExecution> executions) throws IOException, SuiteException {
        for (TestExecution execution : executions) {
            if (execution.isIntegration()
                    && !execution.isSkipped()
                    && execution.module().toRealPath().startsWith(root)
                    && !ModuleClasses.of(execution).found().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private void add(TestExecution execution) throws IOException, SuiteException {
        Path module = execution.module().toRealPath();
        if (!module.startsWith(root)) {
            collected.warn("Left out " + execution + ": the module is outside of " + root);
            return;
        }
        ModuleClasses classes = ModuleClasses.of(execution);
        List<SurefireProvider> providers = SurefireProvider.of(execution);
        for (SurefireProvider provider : providers) {
            String name = providers.size() == 1 ? execution.toString() : execution + " by " + provider;
            collected.warnLeft(name, NotCarriedOver.of(execution, provider));
            add(name, execution, provider, module, classes);
        }
    }

    private void add(
            String name, TestExecution execution, SurefireProvider provider, Path module, ModuleClasses classes)
            throws IOException, SuiteException {
        Map<TestFile, List<String>> files = files(name, execution, provider, module, classes.found());
        if (files.isEmpty()) {
            if (execution.is("failIfNoTests")) {
                throw new SuiteException(execution + " has no tests, and failIfNoTests is set: Maven fails, too");
            }
            return;
        }
        String directory = CollectedTests.relative(root, module);
        String list = told.option(listName(execution, provider, module), module, files);
        collected.add(
                name,
                CollectedTests.project(
                        directory,
                        execution.text("jvm"),
                        new ExecutionOptions(execution, provider, jars, directory).of(classes, list),
                        classPath(execution),
                        execution.text("reuseForks").equals("false"),
                        environment(execution)),
                List.copyOf(files.keySet()),
                classes.directories());
    }

    private Map<TestFile, List<String>> files(
            String name, TestExecution execution, SurefireProvider provider, Path module, List<FoundClass> found)
            throws IOException {
        if (provider == SurefireProvider.TESTNG) {
            TestNgTests tests = new TestNgTests(execution, root, module, collected);
            Map<TestFile, List<String>> files = tests.hasSuites()
                    ? tests.suites()
                    : tests.together(found, List.of(execution.text("testClassesDirectory")), module.resolve("pom.xml"));
            if (files != null) {
                return files;
            }
        }
        return told.of(name, module, found);
    }

    private String listName(TestExecution execution, SurefireProvider provider, Path module) {
        return (CollectedTests.relative(root, module) + "." + execution.text("goal") + "." + execution.text("id") + "."
                        + provider)
                .replaceAll("[^\\w.-]", "_");
    }

    private List<String> classPath(TestExecution execution) throws IOException {
        List<String> classPath = new ArrayList<>();
        List<String> entries = new ArrayList<>(execution.list("classPath"));
        entries.addAll(execution.list("additionalClasspathElements"));
        for (String entry : entries) {
            String inside = jars.entry(Path.of(entry));
            if (inside != null) {
                classPath.add(inside);
            }
        }
        return classPath;
    }

    private Map<String, String> environment(TestExecution execution) throws IOException {
        Map<String, String> environment = new HashMap<>();
        for (Map.Entry<String, String> variable :
                execution.map("environmentVariables").entrySet()) {
            environment.put(variable.getKey(), jars.relocated(variable.getValue()));
        }
        return environment;
    }
}
