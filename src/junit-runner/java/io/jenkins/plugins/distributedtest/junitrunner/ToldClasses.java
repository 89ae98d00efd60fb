package io.jenkins.plugins.distributedtest.junitrunner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The classes that a build itself tests, by file: {@code -Ddistributedtest.classes} names a file with a line for each
 * class, its test file's path, a tab, and its name. Which of these have tests is still for the engines to say.
 */
final class ToldClasses {
    private static final Map<String, List<String>> BY_FILE = read(System.getProperty("distributedtest.classes", ""));
    /** Whether the build runs them by JUnit 4, which takes nested classes for themselves, and fails on hidden ones. */
    private static final boolean JUNIT4 = Boolean.getBoolean("distributedtest.junit4");

    /** Whether the build has told of nested classes just those that it gives to the framework, as Maven does. */
    private static final boolean ALL = "all".equals(System.getProperty("distributedtest.nested", ""));

    private ToldClasses() {}

    private static Map<String, List<String>> read(String list) {
        Map<String, List<String>> classes = new HashMap<>();
        if (list.isEmpty()) {
            return classes;
        }
        try {
            for (String line : Files.readAllLines(Paths.get(list), StandardCharsets.UTF_8)) {
                int tab = line.indexOf('\t');
                if (tab > 0) {
                    classes.computeIfAbsent(line.substring(0, tab), file -> new ArrayList<>())
                            .add(line.substring(tab + 1));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The list of the build's test classes cannot be read", e);
        }
        return classes;
    }

    /** The names of a file's classes; empty if the build has told nothing of it. */
    static List<String> of(String file) {
        return BY_FILE.getOrDefault(file, Collections.emptyList());
    }

    /** Whether the build gives a class to JUnit. Of Gradle's, inner ones belong to the class around them, as do those that Enclosed runs. */
    static boolean isRun(Class<?> test) {
        Class<?> around = test.getEnclosingClass();
        if (around == null || ALL) {
            return true;
        }
        for (Annotation each : around.getAnnotations()) {
            if (each.toString().contains("org.junit.experimental.runners.Enclosed")) {
                return false;
            }
        }
        return JUNIT4 || Modifier.isStatic(test.getModifiers());
    }

    /** Whether a Maven build runs them by JUnit 4. */
    static boolean areOfSurefireJUnit4() {
        return ALL && JUNIT4;
    }

    /** Those that JUnit 4 refuses and the JUnit Platform leaves out without a word, with what JUnit 4 says. */
    static Map<Class<?>, String> withoutRunner(List<Class<?>> classes) {
        Map<Class<?>, String> hidden = new LinkedHashMap<>();
        for (Class<?> each : classes) {
            if (JUNIT4 && isTest(each) && !isIgnored(each)) {
                if (each.isMemberClass() && !Modifier.isStatic(each.getModifiers())) {
                    hidden.put(each, "The inner class " + each.getName() + " is not static.");
                } else if (!Modifier.isPublic(each.getModifiers())) {
                    hidden.put(each, "The class " + each.getName() + " is not public.");
                }
            }
        }
        return hidden;
    }

    /** Those that JUnit 4 would refuse if it did not ignore them first. */
    static List<Class<?>> ignoredWithoutRunner(List<Class<?>> classes) {
        List<Class<?>> ignored = new ArrayList<>();
        for (Class<?> each : classes) {
            if (JUNIT4 && isTest(each) && isIgnored(each) && !Modifier.isPublic(each.getModifiers())) {
                ignored.add(each);
            }
        }
        return ignored;
    }

    private static boolean isIgnored(Class<?> test) {
        return isAnnotated(test.getAnnotations(), "Ignore");
    }

    /** As Gradle detects tests of JUnit 3 and 4. */
    private static boolean isTest(Class<?> candidate) {
        for (Class<?> at = candidate; at != null; at = at.getSuperclass()) {
            if (at.getName().equals("junit.framework.TestCase") || isAnnotated(at.getAnnotations(), "RunWith")) {
                return true;
            }
            for (Method method : at.getDeclaredMethods()) {
                if (isAnnotated(method.getAnnotations(), "Test")) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isAnnotated(Annotation[] annotations, String simple) {
        for (Annotation each : annotations) {
            String name = each.annotationType().getName();
            if (name.equals("org.junit." + simple) || name.equals("org.junit.runner." + simple)) {
                return true;
            }
        }
        return false;
    }
}
