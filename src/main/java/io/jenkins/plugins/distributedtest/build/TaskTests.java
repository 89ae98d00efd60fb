package io.jenkins.plugins.distributedtest.build;

import io.jenkins.plugins.distributedtest.suite.SubProject;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes sub-projects of the Test tasks of a Gradle build. {@link ToldFiles} says which classes of a file a task
 * runs.
 */
final class TaskTests {
    /** In the build's output, so that it is neither in anybody's way nor in version control. */
    private static final String OUTPUT = "build/distributed-test";

    private final Path root;
    private final ClassPathJars jars;
    private final CollectedTests collected = new CollectedTests();
    private final ToldFiles told;

    private TaskTests(Path root) throws IOException {
        this.root = root;
        told = new ToldFiles(root, OUTPUT, collected);
        jars = new ClassPathJars(root, OUTPUT);
    }

    /**
     * Makes them.
     *
     * @param root the build's root, absolute and without links in it
     * @throws SuiteException if a task has a filter that no test of it matches, as Gradle has it
     */
    static BuildTests of(Path root, List<TestExecution> tasks) throws IOException, SuiteException {
        TaskTests tests = new TaskTests(root);
        // A source file that several tasks run stands for the project's usual one.
        List<TestExecution> usualFirst = new ArrayList<>(tasks);
        usualFirst.sort(Comparator.comparing(task -> !task.text("task").endsWith(":test")));
        for (TestExecution task : usualFirst) {
            tests.add(task);
        }
        tests.jars.tidy();
        return tests.collected.all();
    }

    private void add(TestExecution task) throws IOException, SuiteException {
        Path module = task.module().toRealPath();
        if (!module.startsWith(root)) {
            collected.warn("Left out " + task + ": its project is outside of " + root);
            return;
        }
        List<FoundClass> found = TaskClasses.of(task);
        if (found.isEmpty()) {
            requireMatch(task);
            return;
        }
        List<String> left = TaskOptions.left(task);
        Path work = workingDirectory(task, found);
        if (work == null) {
            left.add("workingDir");
            work = module;
        }
        Map<TestFile, List<String>> files = files(task, work, found);
        SubProject project = CollectedTests.project(
                CollectedTests.relative(root, work),
                task.text("jvm"),
                options(task, told.option(listName(task), work, files)),
                classPath(task, left),
                task.text("forkEvery").equals("1"),
                environment(task));
        collected.warnLeft(task.toString(), left);
        collected.add(task.toString(), project, List.copyOf(files.keySet()), sourcesBelow(task, work));
    }

    private Map<TestFile, List<String>> files(TestExecution task, Path work, List<FoundClass> found)
            throws IOException {
        if (task.text("framework").equals("testng")) {
            TestNgTests tests = new TestNgTests(task, root, work, collected);
            Map<TestFile, List<String>> files = tests.hasSuites()
                    ? tests.suites()
                    : tests.together(found, task.list("classesDirs"), fileForAll(task, work, found));
            if (files != null) {
                return files;
            }
        }
        return told.of(task.toString(), work, found);
    }

    /** What can stand for all tests of a task: the project's build file, or where it has none, a test. */
    private Path fileForAll(TestExecution task, Path work, List<FoundClass> found) {
        Path build = Path.of(task.text("buildFile"));
        boolean stands = build.startsWith(work)
                && Files.isRegularFile(build)
                && !collected.has(new TestFile(CollectedTests.relative(root, build)));
        return stands ? build : found.get(0).file();
    }

    /** Null if the classes are not in it, so that they cannot be run from there. */
    private Path workingDirectory(TestExecution task, List<FoundClass> found) {
        Path work = Path.of(task.text("workingDir")).normalize();
        boolean holdsAll = found.stream().allMatch(each -> each.file().startsWith(work));
        return work.startsWith(root) && holdsAll ? work : null;
    }

    private static void requireMatch(TestExecution task) throws SuiteException {
        List<String> patterns = task.list("includePatterns");
        boolean any = !task.list("classFiles").isEmpty();
        if (any && !patterns.isEmpty() && task.is("failOnNoMatchingTests")) {
            throw new SuiteException("The task " + task + " has no tests for its filter "
                    + String.join(" ", patterns).replace("=", "")
                    + "; Gradle fails, too, unless failOnNoMatchingTests is false.");
        }
    }

    private static List<String> sourcesBelow(TestExecution task, Path work) {
        return task.list("sources").stream()
                .map(Path::of)
                .filter(each -> each.startsWith(work) && Files.isDirectory(each))
                .map(each -> CollectedTests.relative(work, each))
                .toList();
    }

    private static String listName(TestExecution task) {
        return task.text("task").replaceFirst("^:", "").replace(':', '.');
    }

    private List<String> classPath(TestExecution task, List<String> left) throws IOException {
        List<String> classPath = new ArrayList<>();
        List<String> entries = new ArrayList<>(task.list("classPath"));
        entries.addAll(task.list("launcher"));
        for (String entry : entries) {
            String inside = jars.entry(Path.of(entry));
            if (inside != null) {
                classPath.add(inside);
            } else if (Files.isDirectory(Path.of(entry)) && !Path.of(entry).startsWith(root)) {
                left.add("the directory " + entry + " of the class path, outside of " + root);
            }
        }
        return classPath;
    }

    private List<String> options(TestExecution task, String list) throws IOException {
        List<String> options = new ArrayList<>(List.of(list));
        for (String option : TaskOptions.of(task)) {
            options.add(jars.relocated(option));
        }
        return options;
    }

    private Map<String, String> environment(TestExecution task) throws IOException {
        Map<String, String> environment = new LinkedHashMap<>();
        for (Map.Entry<String, String> variable : task.map("environment").entrySet()) {
            environment.put(variable.getKey(), jars.relocated(variable.getValue()));
        }
        return environment;
    }
}
