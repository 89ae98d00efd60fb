package io.jenkins.plugins.distributedtest.jenkins.executors;

import hudson.model.Run;
import io.jenkins.plugins.distributedtest.originator.DistributedRun;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The run that listeners are started for.
 *
 * @param build the build
 * @param user as whom the build runs; null for Jenkins itself
 * @param run the run
 * @param access where its listeners find it
 * @param node the name of the node that the step runs on; empty for the built-in one
 * @param environment variables of the step, without secrets
 * @param loop the run's loop; rejects what comes after the run
 * @param blocking for what may take long
 * @param say tells the build's log; from the run's loop
 */
public record RunOwner(
        Run<?, ?> build,
        String user,
        DistributedRun run,
        RunAccess access,
        String node,
        Map<String, String> environment,
        Executor loop,
        Executor blocking,
        Consumer<String> say) {
    /** Tells the build's log. */
    void say(String line) {
        say.accept(line);
    }
}
