package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.AbortException;
import io.jenkins.plugins.distributedtest.jenkins.executors.GuestSettings;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * One {@code distributedTestListener} of a pipeline; {@link ListenerRun} tells what happens. A restart of the controller
 * ends its listener, and it starts another.
 */
final class ListenerExecution extends StepExecution {
    private static final long serialVersionUID = 1L;

    private final GuestSettings settings;
    /** The title of the run; null for the one whose block it is in. */
    private final String run;
    /** The run whose block it is in; null if it is in none. Set by {@link #start}. */
    private RunReference inside;

    private transient volatile ListenerRun live;

    ListenerExecution(StepContext context, GuestSettings settings, String run) {
        super(context);
        this.settings = settings;
        this.run = run;
    }

    @Override
    public boolean start() throws Exception {
        inside = getContext().get(RunReference.class);
        if (inside == null && run == null) {
            throw new AbortException("distributedTestListener belongs into the block of a distributedTest, as in"
                    + " distributedTest(workers: 4) { node { distributedTestListener() } }; elsewhere run: 'title' says"
                    + " which distributedTest of this build it serves");
        }
        live = new ListenerRun(getContext(), settings, inside, run);
        live.begin();
        return false;
    }

    @Override
    public void onResume() {
        live = new ListenerRun(getContext(), settings, inside, run);
        live.beginAgain();
    }

    @Override
    public void stop(Throwable cause) {
        ListenerRun running = live;
        if (running == null) {
            getContext().onFailure(cause);
        } else {
            running.stop(cause);
        }
    }

    @Override
    public String getStatus() {
        ListenerRun running = live;
        return running == null ? "not started" : running.status();
    }
}
