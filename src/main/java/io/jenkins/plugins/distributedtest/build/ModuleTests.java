package io.jenkins.plugins.distributedtest.build;

import io.jenkins.plugins.distributedtest.suite.SuiteException;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes sub-projects of the executions of a Maven build's test plugins. */
final class ModuleTests {
    /** An argument of {@code argLine} as Surefire takes it: quotes keep blanks, also within; a backslash is one. */
    private static final Pattern ARGUMENT = Pattern.compile("(?:[^\\s\"']|\"[^\"]*\"|'[^']*')+");

    private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"|'([^']*)'");

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
        warn(execution);
        ModuleClasses classes = ModuleClasses.of(execution);
        Map<TestFile, List<String>> files = files(execution, module, classes.found());
        if (files.isEmpty()) {
            if (execution.is("failIfNoTests")) {
                throw new SuiteException(execution + " has no tests, and failIfNoTests is set: Maven fails, too");
            }
            return;
        }
        String list = told.option(listName(execution, module), module, files);
        collected.add(
                execution.toString(),
                CollectedTests.project(
                        CollectedTests.relative(root, module),
                        execution.text("jvm"),
                        options(execution, classes, list),
                        classPath(execution),
                        execution.text("reuseForks").equals("false"),
                        environment(execution)),
                List.copyOf(files.keySet()),
                classes.directories());
    }

    private Map<TestFile, List<String>> files(TestExecution execution, Path module, List<FoundClass> found)
            throws IOException {
        if (TestNgTests.isFor(execution)) {
            TestNgTests tests = new TestNgTests(execution, root, module, collected);
            Map<TestFile, List<String>> files = tests.hasSuites() ? tests.suites() : tests.together(found);
            if (files != null) {
                return files;
            }
        }
        return told.of(execution.toString(), module, found);
    }

    private String listName(TestExecution execution, Path module) {
        return (CollectedTests.relative(root, module) + "." + execution.text("goal") + "." + execution.text("id"))
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

    private List<String> options(TestExecution execution, ModuleClasses classes, String list)
            throws IOException, SuiteException {
        List<String> options = modules(execution, classes);
        options.add(list);
        options.add("-Ddistributedtest.nested=all");
        if (execution.text("enableAssertions").equals("false")) {
            options.add("-da");
        }
        Matcher arguments = ARGUMENT.matcher(execution.text("argLine"));
        while (arguments.find()) {
            String plain = QUOTED.matcher(arguments.group())
                    .replaceAll(
                            part -> Matcher.quoteReplacement(part.group(1) != null ? part.group(1) : part.group(2)));
            options.add(jars.relocated(plain));
        }
        for (Map.Entry<String, String> property : properties(execution).entrySet()) {
            options.add("-D" + property.getKey() + "=" + jars.relocated(property.getValue()));
        }
        for (String line : execution
                .map("properties")
                .getOrDefault("configurationParameters", "")
                .split("\\R")) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                options.add("-D" + line.substring(0, equals).strip() + "="
                        + line.substring(equals + 1).strip());
            }
        }
        addChoice(options, execution);
        return options;
    }

    /** Which engines and which tests of a class run. */
    private static void addChoice(List<String> options, TestExecution execution) {
        if (has(execution, "junit-jupiter-api-") && !has(execution, "junit-vintage-engine-")) {
            options.add("-Ddistributedtest.vintage=no");
        }
        String tags = "tags";
        if (TestNgTests.isFor(execution)) {
            options.add("-Ddistributedtest.testng=true");
            add(options, "listeners", execution.map("properties").getOrDefault("listener", ""));
        } else if (isOfJUnit4(execution)) {
            options.add("-Ddistributedtest.junit4=true");
            tags = "categories";
        }
        add(options, tags + ".include", execution.text("groups"));
        add(options, tags + ".exclude", execution.text("excludedGroups"));
        add(options, "engines.include", String.join(",", execution.list("includeJUnit5Engines")));
        add(options, "engines.exclude", String.join(",", execution.list("excludeJUnit5Engines")));
    }

    /** What Surefire sets, the stronger ones last. */
    private static Map<String, String> properties(TestExecution execution) throws IOException, SuiteException {
        Map<String, String> properties = new HashMap<>(execution.map("systemProperties"));
        String file = execution.text("systemPropertiesFile");
        if (!file.isEmpty()) {
            Path path = execution.module().resolve(file);
            if (!Files.isRegularFile(path)) {
                throw new SuiteException(execution + ": systemPropertiesFile " + path + " is not there");
            }
            TestExecution.read(path).forEach((name, value) -> properties.put((String) name, (String) value));
        }
        properties.putAll(execution.map("systemPropertyVariables"));
        properties.putAll(execution.map("userProperties"));
        return properties;
    }

    /** Whether Surefire runs its tests by JUnit 4 itself rather than by the JUnit Platform. */
    private static boolean isOfJUnit4(TestExecution execution) {
        return has(execution, "junit-4\\.")
                && !has(execution, "junit-jupiter-api-")
                && !has(execution, "junit-platform-")
                && !execution.is("vintage");
    }

    /** Whether a jar is on its class path whose name begins as an expression says. */
    static boolean has(TestExecution execution, String jar) {
        Pattern start = Pattern.compile(jar);
        return execution.list("classPath").stream()
                .anyMatch(entry -> start.matcher(entry.substring(entry.lastIndexOf('/') + 1))
                        .lookingAt());
    }

    private List<String> modules(TestExecution execution, ModuleClasses classes) throws IOException {
        ModulePath modules = execution.text("useModulePath").equals("false")
                ? null
                : ModulePath.of(
                        execution.list("classPath").stream().map(Path::of).toList());
        return modules == null ? new ArrayList<>() : modules.options(jars, classes.packages());
    }

    private static void add(List<String> options, String what, String value) {
        if (!value.isBlank()) {
            options.add("-Ddistributedtest." + what + "=" + value.strip());
        }
    }

    private Map<String, String> environment(TestExecution execution) throws IOException {
        Map<String, String> environment = new HashMap<>();
        for (Map.Entry<String, String> variable :
                execution.map("environmentVariables").entrySet()) {
            environment.put(variable.getKey(), jars.relocated(variable.getValue()));
        }
        return environment;
    }

    /** What is not carried over is said before the run. */
    private void warn(TestExecution execution) throws IOException {
        boolean testng = TestNgTests.isFor(execution);
        List<String> left = new ArrayList<>(coverageChecks(execution));
        for (String name : List.of("dependenciesToScan", "classpathDependencyExcludes")) {
            if (!execution.list(name).isEmpty()) {
                left.add(name);
            }
        }
        for (String name : List.of(
                "test",
                "classpathDependencyScopeExclude",
                "additionalClasspathDependencies",
                "skipAfterFailureCount")) {
            if (!execution.text(name).matches("0?")) {
                left.add(name);
            }
        }
        if (execution.is("testFailureIgnore")) {
            left.add("testFailureIgnore (failures fail the run)");
        }
        if ((testng || isOfJUnit4(execution))
                && (execution.text("groups") + execution.text("excludedGroups")).matches(".*[&|!(].*")) {
            left.add("groups that are expressions");
        }
        if (!execution.text("rerunFailingTestsCount").matches("0?")) {
            left.add("rerunFailingTestsCount (`retries` runs a failed file again)");
        }
        if (!testng && !execution.map("properties").getOrDefault("listener", "").isEmpty()) {
            left.add("the property listener");
        }
        if (execution.isIntegration() && !execution.text("preIntegrationTest").isEmpty()) {
            left.add("what runs before it in pre-integration-test, " + execution.text("preIntegrationTest"));
        }
        left.addAll(sourcesOutside(execution));
        String directory = execution.text("workingDirectory");
        if (!directory.isEmpty() && !Path.of(directory).normalize().equals(execution.module())) {
            left.add("workingDirectory");
        }
        collected.warnLeft(execution.toString(), left);
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
