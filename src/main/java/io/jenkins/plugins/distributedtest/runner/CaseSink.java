package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.suite.TestCase;
import java.util.List;

/**
 * Takes cases of the file that a slot runs before that has ended, so that a file of very many cases needs neither much
 * memory nor a result of any size. The result of the file then has the cases that were not taken.
 */
@FunctionalInterface
public interface CaseSink {
    /** Takes none: all cases are in the result. */
    CaseSink NONE = cases -> false;

    /**
     * Offers the cases that ended since those that were taken last. Called by the thread that runs the file, which it may
     * hold up for some seconds where it cannot take them as fast as they come.
     *
     * @param cases the cases, in the order in which they ended; not empty, not to be changed
     * @return whether it has taken them; if not, they are offered again together with later ones
     */
    boolean offer(List<TestCase> cases);
}
