package io.jenkins.plugins.distributedtest.junitrunner;

import io.jenkins.plugins.distributedtest.files.NamePattern;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
 * {@code .exclude}: {@code engines}, {@code tags} (expressions) and {@code categories} (classes) by commas; {@code filter},
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
        add(request, told("categories.include", ","), BuildFilters::hasCategory, true);
        add(request, told("categories.exclude", ","), BuildFilters::hasCategory, false);
        add(request, told("filter.include", "\n"), BuildFilters::isNamed, true);
        add(request, told("filter.exclude", "\n"), BuildFilters::isNamed, false);
    }

    private static List<String> told(String what, String separator) {
        String all = System.getProperty("distributedtest." + what, "");
        List<String> each = new ArrayList<>();
        for (String one : all.split(separator)) {
            if (!one.trim().isEmpty()) {
                each.add(one.trim());
            }
        }
        return each;
    }

    /** Whether a test is one that is meant. */
    private interface Meant {
        boolean is(TestDescriptor test, List<String> told);
    }

    private static void add(LauncherDiscoveryRequestBuilder request, List<String> told, Meant meant, boolean include) {
        if (!told.isEmpty()) {
            // Containers go with what is in them.
            request.filters((PostDiscoveryFilter)
                    test -> FilterResult.includedIf(!test.getChildren().isEmpty()
                            || !test.isTest() && !isMethod(test)
                            || meant.is(test, told) == include));
        }
    }

    private static boolean isMethod(TestDescriptor test) {
        return test.getSource().orElse(null) instanceof MethodSource;
    }

    /** Whether one of its categories is one of these, or extends it; the Vintage engine has them as tags. */
    private static boolean hasCategory(TestDescriptor test, List<String> categories) {
        for (TestTag tag : test.getTags()) {
            Optional<Class<?>> own = load(tag.getName());
            for (String each : categories) {
                Optional<Class<?>> category = load(each);
                boolean isSimpleName =
                        tag.getName().endsWith("." + each) || tag.getName().endsWith("$" + each);
                if (isSimpleName
                        || own.isPresent()
                                && category.isPresent()
                                && category.get().isAssignableFrom(own.get())) {
                    return true;
                }
            }
        }
        return false;
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
