package io.jenkins.plugins.distributedtest.junitrunner;

import io.jenkins.plugins.distributedtest.files.NamePattern;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.TestTag;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;

/**
 * What a build leaves out of its test classes, from the JVM's options {@code -Ddistributedtest.WHAT.include} and
 * {@code .exclude}: {@code engines} by commas; {@code tags} and {@code categories}, expressions; {@code filter},
 * patterns of Gradle's filter by line ends.
 */
final class BuildFilters {
    private BuildFilters() {}

    static void add(LauncherDiscoveryRequestBuilder request) {
        List<String> engines = told("engines.include", ",");
        if (!engines.isEmpty()) {
            request.filters(EngineFilter.includeEngines(engines));
        }
        engines = told("engines.exclude", ",");
        if (!engines.isEmpty()) {
            request.filters(EngineFilter.excludeEngines(engines));
        }
        List<String> tags = told("tags.include", ",");
        if (!tags.isEmpty()) {
            request.filters(TagFilter.includeTags(tags));
        }
        tags = told("tags.exclude", ",");
        if (!tags.isEmpty()) {
            request.filters(TagFilter.excludeTags(tags));
        }
        Predicate<Predicate<String>> included = groups("categories.include");
        if (included != null) {
            add(request, test -> hasCategories(test, included));
        }
        Predicate<Predicate<String>> excluded = groups("categories.exclude");
        if (excluded != null) {
            add(request, test -> !hasCategories(test, excluded));
        }
        List<String> names = told("filter.include", "\n");
        if (!names.isEmpty()) {
            add(request, test -> isNamed(test, names));
        }
        List<String> others = told("filter.exclude", "\n");
        if (!others.isEmpty()) {
            add(request, test -> !isNamed(test, others));
        }
    }

    /** What the build has said of something; empty if nothing. */
    static List<String> told(String what, String separator) {
        String all = System.getProperty("distributedtest." + what, "");
        List<String> each = new ArrayList<>();
        for (String one : all.split(separator)) {
            if (!one.trim().isEmpty()) {
                each.add(one.trim());
            }
        }
        return each;
    }

    /** An expression of groups that the build has told; null if it has told none. */
    static Predicate<Predicate<String>> groups(String what) {
        String all = System.getProperty("distributedtest." + what, "").trim();
        return all.isEmpty() ? null : GroupExpression.parse(all);
    }

    private static void add(LauncherDiscoveryRequestBuilder request, Predicate<TestDescriptor> meant) {
        // Containers go with what is in them.
        request.filters((PostDiscoveryFilter) test -> FilterResult.includedIf(
                !test.getChildren().isEmpty() || !test.isTest() && !isMethod(test) || meant.test(test)));
    }

    private static boolean isMethod(TestDescriptor test) {
        return test.getSource().orElse(null) instanceof MethodSource;
    }

    /** Whether an expression holds for its categories; the Vintage engine has them as tags. */
    private static boolean hasCategories(TestDescriptor test, Predicate<Predicate<String>> groups) {
        return groups.test(
                told -> test.getTags().stream().map(TestTag::getName).anyMatch(own -> isCategory(own, told)));
    }

    /** Whether a category is the one that is told, or extends it; as in Surefire the end of its name does. */
    static boolean isCategory(String own, String told) {
        if (own.endsWith(told)) {
            return true;
        }
        Optional<Class<?>> category = load(told);
        Optional<Class<?>> actual = load(own);
        return category.isPresent() && actual.isPresent() && category.get().isAssignableFrom(actual.get());
    }

    private static Optional<Class<?>> load(String name) {
        try {
            return Optional.of(Class.forName(name, false, Thread.currentThread().getContextClassLoader()));
        } catch (ClassNotFoundException | LinkageError e) {
            return Optional.empty();
        }
    }

    /** As Gradle's filter matches: class, or class and method; by the class's simple name if a pattern begins so. */
    private static boolean isNamed(TestDescriptor test, List<String> patterns) {
        String method = test.getDisplayName();
        Set<String> classes = Collections.emptySet();
        for (Optional<TestDescriptor> at = Optional.of(test); at.isPresent() && classes.isEmpty(); ) {
            TestSource source = at.get().getSource().orElse(null);
            if (source instanceof MethodSource) {
                method = ((MethodSource) source).getMethodName();
                classes = around(((MethodSource) source).getClassName());
            } else if (source instanceof ClassSource) {
                classes = around(((ClassSource) source).getClassName());
            }
            at = at.get().getParent();
        }
        for (String pattern : patterns) {
            NamePattern names = new NamePattern(pattern);
            for (String name : classes) {
                if (names.matches(name, method)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A class and those that it is nested in. */
    private static Set<String> around(String name) {
        Set<String> names = new LinkedHashSet<>();
        for (String at = name; !at.isEmpty(); at = at.substring(0, Math.max(0, at.lastIndexOf('$')))) {
            names.add(at);
        }
        return names;
    }
}
