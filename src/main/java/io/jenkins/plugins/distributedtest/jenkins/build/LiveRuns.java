package io.jenkins.plugins.distributedtest.jenkins.build;

import io.jenkins.plugins.distributedtest.suite.RunReport;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The runs that go on in this controller now, so that pages can show them live. Whoever runs one registers it when it
 * starts or is taken up again after a restart, and removes it once its report is in the build's directory
 * ({@link DistributedTestAction#finished}), so that no reader finds neither.
 */
public final class LiveRuns {
    private static final Map<String, LiveRun> RUNS = new ConcurrentHashMap<>();

    private LiveRuns() {}

    /**
     * Shows a run live from now on. Registering it again replaces what was there.
     *
     * @param runId the run's id
     * @param report gives the report so far; called from any thread, seldom more than once a second however many pages
     *     look at the run, and may take a moment
     */
    public static void register(String runId, Supplier<RunReport> report) {
        RUNS.put(RunIds.checked(runId), new LiveRun(Objects.requireNonNull(report, "report"), System::nanoTime));
    }

    /**
     * Forgets a run that has ended, or is no longer run here. Does nothing if it is not there.
     *
     * @param runId the run's id
     */
    public static void unregister(String runId) {
        RUNS.remove(runId);
    }

    /**
     * The run with an id.
     *
     * @return null if it does not go on here
     */
    static LiveRun find(String runId) {
        return RUNS.get(runId);
    }
}
