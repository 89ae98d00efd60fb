package io.jenkins.plugins.distributedtest.build;

import io.jenkins.plugins.distributedtest.suite.SuiteException;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Makes sub-projects of the executions of a Maven build's test plugins. */
final class ModuleTests {
    private static final Pattern SOURCE = Pattern.compile("\\.(java|kt|groovy|scala)$");
    /** An argument of {@code argLine} as Surefire takes it: quotes keep blanks, also within; a backslash is one. */
    private static final Pattern ARGUMENT = Pattern.compile("(?:[^\\s\"']|\"[^\"]*\"|'[^']*')+");

    private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"|'([^']*)'");

    private final Path root;
    private final ClassPathJars jars;
    private final CollectedTests collected = new CollectedTests();

    private ModuleTests(Path root) {
        this.root = root;
        jars = new ClassPathJars(root, "target/distributed-test");
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
        ModuleTests tests = new ModuleTests(root);
        for (TestExecution execution : executions) {
            if (execution.isIntegration()
                    && !execution.isSkipped()
                    && execution.module().toRealPath().startsWith(root)
                    && !tests.sources(execution).isEmpty()) {
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
        List<TestFile> own = sources(execution);
        if (own.isEmpty()) {
            return;
        }
        List<String> directories = new ArrayList<>();
        for (Path sources : sourceDirectories(execution)) {
            directories.add(CollectedTests.relative(module, sources));
        }
        collected.add(
                execution.toString(),
                CollectedTests.project(
                        CollectedTests.relative(root, module),
                        execution.text("jvm"),
                        options(execution, own),
                        classPath(execution),
                        execution.text("reuseForks").equals("false"),
                        environment(execution)),
                own,
                directories);
    }

    private List<TestFile> sources(TestExecution execution) throws IOException, SuiteException {
        TestClassPatterns patterns;
        try {
            patterns = TestClassPatterns.of(execution);
        } catch (IllegalArgumentException e) {
            throw new SuiteException(execution + ": " + e.getMessage(), e);
        }
        Path classes = Path.of(execution.text("testClassesDirectory"));
        List<TestFile> found = new ArrayList<>();
        for (Path below : sourceDirectories(execution)) {
            try (Stream<Path> tree = Files.walk(below)) {
                tree.filter(Files::isRegularFile).sorted().forEach(file -> {
                    String path = CollectedTests.relative(below, file);
                    String name = SOURCE.matcher(path).replaceFirst("");
                    boolean compiled =
                            !isBeside(execution, below) || Files.isRegularFile(classes.resolve(name + ".class"));
                    if (!name.equals(path) && compiled && patterns.takes(name)) {
                        found.add(new TestFile(CollectedTests.relative(root, file)));
                    }
                });
            }
        }
        return found;
    }

    /**
     * The module's own roots of test sources, and what lies beside them and may have been compiled with them, such as
     * Kotlin's directory or that of an execution of the compiler of its own.
     */
    private List<Path> sourceDirectories(TestExecution execution) throws IOException {
        Set<Path> all = new LinkedHashSet<>();
        List<String> roots = new ArrayList<>(execution.list("testSourceRoots"));
        roots.add(execution.text("testSourceDirectory"));
        for (String each : roots) {
            Path directory = Path.of(each);
            if (Files.isDirectory(directory)
                    && directory.toRealPath().startsWith(execution.module().toRealPath())) {
                all.add(directory.toRealPath());
            }
        }
        for (Path each : List.copyOf(all)) {
            if (each.getParent().startsWith(execution.module().toRealPath().resolve("src"))) {
                try (Stream<Path> siblings = Files.list(each.getParent())) {
                    siblings.filter(Files::isDirectory)
                            .filter(sibling -> !sibling.endsWith("resources"))
                            .sorted()
                            .forEach(all::add);
                }
            }
        }
        return List.copyOf(all);
    }

    /** Whether a directory is none of the module's roots, so that what is in it counts where it was compiled. */
    private static boolean isBeside(TestExecution execution, Path directory) {
        return execution.list("testSourceRoots").stream()
                .noneMatch(each -> Path.of(each).equals(directory));
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

    private List<String> options(TestExecution execution, List<TestFile> own) throws IOException {
        List<String> options = modules(execution, own);
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
        Map<String, String> properties = new HashMap<>(execution.map("systemProperties"));
        properties.putAll(execution.map("systemPropertyVariables"));
        properties.putAll(execution.map("userProperties"));
        for (Map.Entry<String, String> property : properties.entrySet()) {
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
        if (has(execution, "junit-jupiter-api-") && !has(execution, "junit-vintage-engine-")) {
            options.add("-Ddistributedtest.vintage=no");
        }
        addTags(options, "include", execution.text("groups"));
        addTags(options, "exclude", execution.text("excludedGroups"));
        return options;
    }

    private static boolean has(TestExecution execution, String jar) {
        return execution.list("classPath").stream()
                .anyMatch(entry -> entry.substring(entry.lastIndexOf('/') + 1).startsWith(jar));
    }

    private List<String> modules(TestExecution execution, List<TestFile> own) throws IOException {
        ModulePath modules = execution.text("useModulePath").equals("false")
                ? null
                : ModulePath.of(
                        execution.list("classPath").stream().map(Path::of).toList());
        if (modules == null) {
            return new ArrayList<>();
        }
        Set<String> packages = new HashSet<>();
        for (Path sources : sourceDirectories(execution)) {
            own.stream()
                    .map(file -> root.resolve(file.path()).getParent())
                    .filter(directory -> directory.startsWith(sources) && !directory.equals(sources))
                    .forEach(directory -> packages.add(
                            CollectedTests.relative(sources, directory).replace('/', '.')));
        }
        return modules.options(jars, packages);
    }

    private static void addTags(List<String> options, String what, String tags) {
        if (!tags.isBlank()) {
            options.add("-Ddistributedtest.tags." + what + "=" + tags.strip());
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
        List<String> left = new ArrayList<>();
        for (String name : List.of("suiteXmlFiles", "dependenciesToScan", "classpathDependencyExcludes")) {
            if (!execution.list(name).isEmpty()) {
                left.add(name);
            }
        }
        for (String name : List.of("includesFile", "excludesFile", "test", "classpathDependencyScopeExclude")) {
            if (!execution.text(name).isEmpty()) {
                left.add(name);
            }
        }
        if (!execution.text("rerunFailingTestsCount").matches("0?")) {
            left.add("rerunFailingTestsCount (`retries` runs a failed file again)");
        }
        if (!execution.map("properties").getOrDefault("listener", "").isEmpty()) {
            left.add("the property listener");
        }
        if (execution.isIntegration() && !execution.text("preIntegrationTest").isEmpty()) {
            left.add("what runs before it in pre-integration-test, " + execution.text("preIntegrationTest"));
        }
        for (String sources : execution.list("testSourceRoots")) {
            if (Files.isDirectory(Path.of(sources))
                    && !Path.of(sources)
                            .toRealPath()
                            .startsWith(execution.module().toRealPath())) {
                left.add("test sources outside of the module, " + sources);
            }
        }
        String directory = execution.text("workingDirectory");
        if (!directory.isEmpty() && !Path.of(directory).normalize().equals(execution.module())) {
            left.add("workingDirectory");
        }
        if (has(execution, "testng-")) {
            left.add("tests of TestNG");
        }
        collected.warnLeft(execution.toString(), left);
    }
}
