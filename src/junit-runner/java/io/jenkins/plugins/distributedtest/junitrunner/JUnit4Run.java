package io.jenkins.plugins.distributedtest.junitrunner;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.experimental.categories.Category;
import org.junit.runner.Description;
import org.junit.runner.Request;
import org.junit.runner.Result;
import org.junit.runner.Runner;
import org.junit.runner.manipulation.Filter;
import org.junit.runner.notification.RunListener;
import org.junit.runner.notification.RunNotifier;

/**
 * Runs classes by JUnit 4 itself, as Surefire and Gradle do: those that the JUnit Platform's engine for it leaves out
 * without a word, since they are not public, and all of them where the build names listeners of JUnit 4. JUnit 4 is the
 * project's own; where there is none, this class cannot be loaded.
 */
final class JUnit4Run {
    /** The build's own listeners, from one file to the next; null before the first. */
    private static List<RunListener> listeners;

    private JUnit4Run() {}

    /**
     * Runs a class to its end.
     *
     * @throws ReflectiveOperationException if a listener of the build cannot be made
     */
    static void run(Class<?> test, CaseSender sender) throws ReflectiveOperationException {
        RunNotifier notifier = new RunNotifier();
        for (RunListener each : listeners()) {
            notifier.addListener(each);
        }
        notifier.addListener(new JUnit4Cases(sender));
        Runner runner = Request.aClass(test).filterWith(new Categories()).getRunner();
        if (runner.testCount() > 0) {
            runner.run(notifier);
        }
    }

    /** Tells the build's listeners that no test will come any more; what they throw is printed. */
    static void finish() {
        for (RunListener each : listeners == null ? Collections.<RunListener>emptyList() : listeners) {
            try {
                each.testRunFinished(new Result());
            } catch (Exception e) {
                e.printStackTrace();
            }
        }
    }

    private static List<RunListener> listeners() throws ReflectiveOperationException {
        if (listeners == null) {
            List<RunListener> made = new ArrayList<>();
            for (String name : BuildFilters.told("listeners", ",")) {
                ClassLoader loader = Thread.currentThread().getContextClassLoader();
                RunListener each = (RunListener)
                        Class.forName(name, true, loader).getConstructor().newInstance();
                try {
                    each.testRunStarted(Description.createSuiteDescription("null"));
                } catch (Exception e) {
                    throw new IllegalStateException("The listener " + name + " failed", e);
                }
                made.add(each);
            }
            listeners = made;
        }
        return listeners;
    }

    /** Takes tests by the categories that they, their classes and these classes' parents have. */
    private static final class Categories extends Filter {
        private final Predicate<Predicate<String>> included = BuildFilters.groups("categories.include");
        private final Predicate<Predicate<String>> excluded = BuildFilters.groups("categories.exclude");

        @Override
        public boolean shouldRun(Description description) {
            Set<String> names = new LinkedHashSet<>();
            add(names, description.getAnnotation(Category.class));
            for (Class<?> at = description.getTestClass(); at != null; at = at.getSuperclass()) {
                add(names, at.getAnnotation(Category.class));
            }
            Predicate<String> groups = told -> names.stream().anyMatch(own -> BuildFilters.isCategory(own, told));
            boolean meant = (included == null || included.test(groups)) && (excluded == null || !excluded.test(groups));
            return meant || description.getChildren().stream().anyMatch(this::shouldRun);
        }

        private static void add(Set<String> names, Category category) {
            for (Class<?> each : category == null ? new Class<?>[0] : category.value()) {
                names.add(each.getName());
            }
        }

        @Override
        public String describe() {
            return "the build's groups";
        }
    }
}
