package io.jenkins.plugins.distributedtest.build;

import io.jenkins.plugins.distributedtest.files.PlainFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * One execution of Surefire or Failsafe, as the extension inside of Maven has written it down (see {@code TestPlanSpy} in
 * src/maven-extension), or a Test task of Gradle, as the init script has (plan.gradle).
 *
 * @param properties all that was written
 * @param prefix what its keys begin with
 */
record TestExecution(Properties properties, String prefix) {
    /** All executions of a plan, in the order of the build. */
    static List<TestExecution> all(Properties plan) {
        int count = Integer.parseInt(plan.getProperty("count", "0"));
        List<TestExecution> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(new TestExecution(plan, i + "."));
        }
        return all;
    }

    /** All of a directory of files with one each, in the order of their names. */
    static List<TestExecution> in(Path directory) throws IOException {
        List<TestExecution> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.sorted().toList()) {
                all.add(new TestExecution(read(file), ""));
            }
        }
        return all;
    }

    /** Reads a file of properties. */
    static Properties read(Path file) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = PlainFile.open(file)) {
            properties.load(in);
        }
        return properties;
    }

    /** The directory of the module, absolute. */
    Path module() {
        return Path.of(text("module"));
    }

    /** A parameter's value; empty if it has none. */
    String text(String name) {
        return properties.getProperty(prefix + name, "");
    }

    /** Whether a parameter is set to true. */
    boolean is(String name) {
        return text(name).equals("true");
    }

    /** A list's values. */
    List<String> list(String name) {
        List<String> values = new ArrayList<>();
        for (int i = 0; properties.containsKey(prefix + name + "." + i); i++) {
            values.add(properties.getProperty(prefix + name + "." + i));
        }
        return values;
    }

    /** A map's values by their names. */
    Map<String, String> map(String name) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; properties.containsKey(prefix + name + "." + i + ".name"); i++) {
            String key = prefix + name + "." + i;
            values.put(properties.getProperty(key + ".name"), properties.getProperty(key + ".value", ""));
        }
        return values;
    }

    /** Whether the build would not run it. */
    boolean isSkipped() {
        return is("skip") || is("skipTests") || is("skipITs") || is("skipExec");
    }

    /** Whether it is Failsafe's. */
    boolean isIntegration() {
        return text("goal").startsWith("maven-failsafe-plugin");
    }

    @Override
    public String toString() {
        return !text("task").isEmpty()
                ? text("task")
                : text("goal") + " (" + text("id") + ") of " + module().getFileName();
    }
}
