package io.jenkins.plugins.distributedtest.build;

import io.jenkins.plugins.distributedtest.suite.SubProject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The options of the JVM that runs the tests of a Gradle Test task, and what of the task cannot be carried over. */
final class TaskOptions {
    private static final String DEBUGGER = "-agentlib:jdwp";

    /** Settings of TestNG, as Gradle and the junit runner call them. */
    private static final List<String> TESTNG = List.of(
            "suiteName",
            "testName",
            "parallel",
            "threadCount",
            "configFailurePolicy",
            "preserveOrder",
            "groupByInstances",
            "useDefaultListeners");

    private TaskOptions() {}

    /** The options, with paths as they are here. */
    static List<String> of(TestExecution task) {
        List<String> options = new ArrayList<>();
        task.list("jvmArgs").stream().filter(each -> !each.startsWith(DEBUGGER)).forEach(options::add);
        options.add("-Dorg.gradle.test.worker=" + SubProject.FORK_NUMBER);
        task.list("withoutVariables").forEach(each -> options.add("-D" + SubProject.WITHOUT_VARIABLE + "=" + each));
        if (task.text("enableAssertions").equals("false")) {
            options.add("-da");
        }
        if (task.is("ignoreFailures")) {
            options.add("-Ddistributedtest.passedover=ignoreFailures");
        }
        if (task.text("framework").equals("testng")) {
            addTestNg(options, task);
            return options;
        }
        addFilter(options, task);
        options.addAll(ContainerOptions.ofGradle(task.text("framework").equals("junit4")));
        if (task.text("framework").equals("junit4")) {
            options.add("-Ddistributedtest.junit4=true");
            add(options, "engines.include", ",", List.of("junit-vintage"));
            add(options, "categories.include", ",", task.list("includeCategories"));
            add(options, "categories.exclude", ",", task.list("excludeCategories"));
        } else {
            add(options, "engines.include", ",", task.list("includeEngines"));
            List<String> without = new ArrayList<>(task.list("excludeEngines"));
            for (String engine : List.of("junit-jupiter", "junit-vintage")) {
                if (task.list("classPath").stream().noneMatch(each -> each.contains("/" + engine + "-engine-"))) {
                    without.add(engine);
                }
            }
            add(options, "engines.exclude", ",", without);
            add(options, "tags.include", ",", task.list("includeTags"));
            add(options, "tags.exclude", ",", task.list("excludeTags"));
        }
        return options;
    }

    private static void addFilter(List<String> options, TestExecution task) {
        add(options, "filter.include", "\n", task.list("includePatterns"));
        add(options, "filter.exclude", "\n", task.list("excludePatterns"));
    }

    /** What Gradle tells TestNG. */
    private static void addTestNg(List<String> options, TestExecution task) {
        options.add("-Ddistributedtest.testng=gradle");
        addFilter(options, task);
        add(options, "tags.include", ",", task.list("includeGroups"));
        add(options, "tags.exclude", ",", task.list("excludeGroups"));
        add(options, "listeners", ",", task.list("listeners"));
        for (String name : TESTNG) {
            String value = task.text(name);
            add(options, "testng." + name, "", value.isEmpty() ? List.of() : List.of(value));
        }
    }

    private static void add(List<String> options, String what, String separator, List<String> values) {
        if (!values.isEmpty()) {
            options.add("-Ddistributedtest." + what + "=" + String.join(separator, values));
        }
    }

    /** What is not carried over, by its name in the build; a list of the caller's own. */
    static List<String> left(TestExecution task) {
        List<String> left = new ArrayList<>();
        for (String name : List.of("failFast", "debug")) {
            if (task.is(name)) {
                left.add(name);
            }
        }
        if (!List.of("", "0", "1").contains(task.text("forkEvery"))) {
            left.add("forkEvery of " + task.text("forkEvery"));
        }
        if (task.is("doLast")) {
            left.add("actions of doLast");
        }
        if (task.list("classesDirs").stream().anyMatch(each -> Files.exists(Path.of(each, "module-info.class")))) {
            left.add("the module path");
        }
        return left;
    }
}
