package io.jenkins.plugins.distributedtest.junitrunner;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * As what a container counts that was skipped, or has aborted itself (an assumption in {@code @BeforeAll}), in the reports of
 * the build: it differs by the build tool and its version. {@code -Ddistributedtest.skipped} is {@code container}, or
 * {@code children} where a class counts as what is directly in it; {@code -Ddistributedtest.aborted} is {@code container},
 * {@code tests} where a class counts as all tests in it that have not started, or {@code none}.
 */
final class ContainerCases {
    private static final boolean SPLIT = !"container".equals(System.getProperty("distributedtest.skipped"));
    private static final String ABORTED = System.getProperty("distributedtest.aborted", "container");

    private ContainerCases() {}

    /** What is told as skipped for a test or container that was skipped. */
    static Collection<TestIdentifier> skipped(TestPlan plan, TestIdentifier skipped) {
        boolean split = SPLIT && skipped.isContainer() && !(skipped.getSource().orElse(null) instanceof MethodSource);
        Set<TestIdentifier> children = split ? plan.getChildren(skipped) : Collections.emptySet();
        return children.isEmpty() ? Collections.singleton(skipped) : children;
    }

    /**
     * What is told as skipped for a test or container that has aborted.
     *
     * @param ended the unique ids of what has ended
     */
    static Collection<TestIdentifier> aborted(TestPlan plan, TestIdentifier aborted, Set<String> ended) {
        if (aborted.isTest() || ABORTED.equals("container")) {
            return Collections.singleton(aborted);
        }
        if (ABORTED.equals("none") || !(aborted.getSource().orElse(null) instanceof ClassSource)) {
            return Collections.emptySet();
        }
        boolean any = false;
        List<TestIdentifier> tests = new ArrayList<>();
        for (TestIdentifier each : plan.getDescendants(aborted)) {
            any |= each.isTest();
            if (each.isTest() && !ended.contains(each.getUniqueId())) {
                tests.add(each);
            }
        }
        return any ? tests : Collections.singleton(aborted);
    }
}
