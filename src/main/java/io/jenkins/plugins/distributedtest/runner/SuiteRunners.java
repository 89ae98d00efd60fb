package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which runners a suite needs. */
public final class SuiteRunners {
    /** More files without a runner than these are counted, not named. */
    private static final int NAMED = 10;

    private SuiteRunners() {}

    /**
     * Settles which runners the files need, so that a suite that no listener could run is refused before it starts.
     *
     * @return the settings, with the runners that the suite uses
     * @throws RunnerException if a file has no runner; the message names the first such files and the way out
     */
    public static RunnerSettings settle(RunnerSettings settings, List<TestFile> files) throws RunnerException {
        Set<String> used = new TreeSet<>();
        List<String> without = new ArrayList<>();
        String why = "";
        for (TestFile file : files) {
            try {
                used.add(Runners.runnerFor(settings, file));
            } catch (RunnerException e) {
                why = without.isEmpty() ? e.getMessage() : why;
                without.add(file.path());
            }
        }
        if (!without.isEmpty()) {
            throw new RunnerException(why + others(without), "", false);
        }
        return settings.using(used);
    }

    private static String others(List<String> without) {
        if (without.size() == 1) {
            return "";
        }
        List<String> named = without.subList(1, Math.min(NAMED, without.size()));
        int rest = without.size() - 1 - named.size();
        return " The same goes for " + String.join(", ", named) + (rest > 0 ? " and " + rest + " more." : ".");
    }
}
