package io.jenkins.plugins.distributedtest.jenkins.executors;

import io.jenkins.plugins.distributedtest.originator.DistributedRun;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The run that listeners are started for.
 *
 * @param run the run
 * @param access where its listeners find it
 * @param node the name of the node that the step runs on; empty for the built-in one
 * @param environment variables of the step, without secrets
 * @param blocking for what may take long
 * @param say tells the build's log; from the run's loop
 */
public record RunOwner(
        DistributedRun run,
        RunAccess access,
        String node,
        Map<String, String> environment,
        Executor blocking,
        Consumer<String> say) {
    /** Tells the build's log. */
    void say(String line) {
        say.accept(line);
    }
}
