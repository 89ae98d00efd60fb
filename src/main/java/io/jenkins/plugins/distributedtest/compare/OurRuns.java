package io.jenkins.plugins.distributedtest.compare;

import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Runs files as we do, on this machine. */
public interface OurRuns {
    /**
     * Runs files to their end.
     *
     * @param files which, in the order in which they are to be handed out
     * @param way how
     * @return what came of it; never of a run that was cancelled
     * @throws InterruptedException if this thread is interrupted meanwhile
     * @throws CompareException if the run did not come to its end, such as where the framework does not start
     * @throws Exception if the run cannot take place; its message says why
     */
    RunReport run(List<TestFile> files, Way way) throws Exception;

    /**
     * Where copies of the tree lie: each in a directory {@code NAME/tree} below it.
     *
     * @return a real path
     * @throws IOException if it cannot be made
     */
    Path copies() throws IOException;

    /**
     * How files are run.
     *
     * @param slots how many at a time; 0 for as many as this machine is set to have
     * @param inPlace whether they run in the tree itself instead of in a copy of it
     * @param directory the only project there is to be, relative to the tree; null for those that there are
     */
    record Way(int slots, boolean inPlace, String directory) {
        /** As a run does it. */
        public static final Way USUAL = new Way(0, false, null);

        /** One file after the other. */
        public static final Way ONE_SLOT = new Way(1, false, null);

        /** One file after the other, in the tree itself. */
        static final Way IN_PLACE = new Way(1, true, null);

        /** One file after the other, in a directory of the tree. */
        static Way in(String directory) {
            return new Way(1, false, directory);
        }
    }
}
