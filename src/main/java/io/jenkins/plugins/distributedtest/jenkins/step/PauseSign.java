package io.jenkins.plugins.distributedtest.jenkins.step;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

/** Shows a step as paused while no listener takes part. On the run's loop; what that costs is done elsewhere. */
final class PauseSign {
    private static final Logger LOG = Logger.getLogger(PauseSign.class.getName());
    /** A shorter wait is the usual one for listeners to answer. */
    private static final int QUIET_SECONDS = 2;

    private final FlowNode node;
    private final Executor executor;
    private int alone;
    private boolean shown;

    PauseSign(FlowNode node, Executor executor) {
        this.node = node;
        this.executor = executor;
    }

    /**
     * A second has passed.
     *
     * @param listeners whether any takes part, or prepares to
     */
    void tick(boolean listeners) {
        alone = listeners ? 0 : alone + 1;
        show(alone > QUIET_SECONDS);
    }

    /** The run is over. */
    void end() {
        show(false);
    }

    private void show(boolean paused) {
        if (paused == shown) {
            return;
        }
        shown = paused;
        try {
            executor.execute(() -> {
                if (paused) {
                    Pauses.begin(node, "waiting for listeners");
                } else {
                    Pauses.end(node);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.log(Level.FINE, "Too much to do to show a pause", e);
        }
    }
}
