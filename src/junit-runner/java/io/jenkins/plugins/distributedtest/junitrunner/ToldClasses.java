package io.jenkins.plugins.distributedtest.junitrunner;

import java.io.File;
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

    /**
     * Of a Maven build {@code java.class.path} is the tests' class path, which is all but our own jar, as Surefire has it:
     * tests look for classes there and start processes by it. Gradle leaves the jar of its worker there.
     */
    static void tellClassPath() {
        if (!ALL) {
            return;
        }
        String all = System.getProperty("java.class.path");
        int first = all.indexOf(File.pathSeparatorChar);
        System.setProperty("java.class.path", all.substring(first + 1));
        setUnlessSet("surefire.test.class.path", all.substring(first + 1));
        setUnlessSet("surefire.real.class.path", all.substring(0, first));
    }

    private static void setUnlessSet(String name, String value) {
        if (System.getProperty(name) == null) {
            System.setProperty(name, value);
        }
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

    /** Whether the build has listeners of JUnit 4. */
    static boolean haveListenersOfJUnit4() {
        return JUNIT4 && !BuildFilters.told("listeners", ",").isEmpty();
    }

    /** Whether it takes JUnit 4 itself to run a class: see {@link JUnit4Run}. */
    static boolean isForJUnit4Itself(Class<?> test) {
        boolean hidden = !Modifier.isPublic(test.getModifiers())
                || test.isMemberClass() && !Modifier.isStatic(test.getModifiers());
        return JUNIT4 && (hidden || haveListenersOfJUnit4()) && isTestOfJUnit4(test);
    }

    /** Whether a class is a test of JUnit 3, which JUnit 4 has, too. */
    static boolean isOfJUnit3(Class<?> candidate) {
        try {
            return Class.forName("junit.framework.Test", false, candidate.getClassLoader())
                    .isAssignableFrom(candidate);
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** As Gradle and Surefire detect tests of JUnit 3 and 4. */
    private static boolean isTestOfJUnit4(Class<?> candidate) {
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

    /** Whether one of JUnit 4's annotations is among these. */
    static boolean isAnnotated(Annotation[] annotations, String simple) {
        for (Annotation each : annotations) {
            String name = each.annotationType().getName();
            if (name.equals("org.junit." + simple) || name.equals("org.junit.runner." + simple)) {
                return true;
            }
        }
        return false;
    }
}
