package io.jenkins.plugins.distributedtest.report;

import io.jenkins.plugins.distributedtest.suite.TestCase;
import java.util.ArrayList;
import java.util.List;

/** Which cases of an attempt a page has: all, or of very many the bad ones and as many others as there is room for. */
final class PageCases {
    /** As many per attempt. */
    static final int LIMIT = 5000;

    private PageCases() {}

    /** The cases for the page, in their order. */
    static List<TestCase> of(List<TestCase> cases) {
        if (cases.size() <= LIMIT) {
            return cases;
        }
        long bad = cases.stream().filter(each -> each.status().isBad()).count();
        long others = LIMIT - Math.min(LIMIT, bad);
        List<TestCase> shown = new ArrayList<>(LIMIT);
        for (TestCase each : cases) {
            if (shown.size() < LIMIT && (each.status().isBad() || others-- > 0)) {
                shown.add(each);
            }
        }
        return shown;
    }
}
