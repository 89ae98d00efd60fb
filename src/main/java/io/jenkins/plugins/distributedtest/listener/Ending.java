package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.callback.CallbackException;
import io.jenkins.plugins.distributedtest.runner.RunnerException;
import io.jenkins.plugins.distributedtest.wire.NativeMessage.Left.Reason;

/**
 * How and why a listener's share of a run ends.
 *
 * @param reason why
 * @param callback the callback that failed, if one did; null otherwise
 * @param problem what went wrong, for people; empty if nothing did
 * @param output output of what failed; possibly empty
 */
record Ending(Reason reason, String callback, String problem, String output) {
    /** The run is over, and nothing went wrong. */
    static final Ending DONE = new Ending(Reason.DONE, null, "", "");

    /** The listener is shut down. */
    static final Ending SHUTDOWN = new Ending(Reason.SHUTDOWN, null, "", "");

    /** The listener itself cannot run the run's files. */
    static Ending runnerFailed(String problem) {
        return new Ending(Reason.RUNNER_FAILED, null, problem, "");
    }

    /** Test code that runs after the last file has failed. */
    static Ending closingFailed(String problem) {
        return new Ending(Reason.CLOSING_FAILED, null, problem, "");
    }

    /** Callbacks at the end have failed, or did not come to theirs. */
    static Ending callbackFailed(String problem) {
        return new Ending(Reason.CALLBACK_FAILED, null, problem, "");
    }

    static Ending of(PreparationException e) {
        return new Ending(e.reason(), e.callback(), e.getMessage(), e.output());
    }

    static Ending of(CallbackException e) {
        return new Ending(Reason.CALLBACK_FAILED, e.callback(), e.getMessage(), e.output());
    }

    static Ending of(RunnerException e) {
        return new Ending(reason(e), null, e.getMessage(), e.output());
    }

    /** Why a listener leaves whose runner cannot be started. */
    static Reason reason(RunnerException e) {
        if (e.isProject()) {
            return Reason.PROJECT_FAILED;
        }
        return e.isCallback() ? Reason.CALLBACK_FAILED : Reason.RUNNER_FAILED;
    }
}
