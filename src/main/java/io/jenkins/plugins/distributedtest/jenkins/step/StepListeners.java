package io.jenkins.plugins.distributedtest.jenkins.step;

import io.jenkins.plugins.distributedtest.jenkins.config.DistributedTestConfiguration;
import io.jenkins.plugins.distributedtest.jenkins.executors.OwnListeners;
import io.jenkins.plugins.distributedtest.jenkins.executors.RunAccess;
import io.jenkins.plugins.distributedtest.jenkins.executors.RunOwner;
import io.jenkins.plugins.distributedtest.originator.DistributedRun;
import io.jenkins.plugins.distributedtest.originator.RunBase;
import io.jenkins.plugins.distributedtest.originator.RunSettings;
import java.util.function.Consumer;

/** Makes the listeners that a step's run has for itself. */
final class StepListeners {
    private StepListeners() {}

    /**
     * Those of a run, not begun.
     *
     * @param user as whom the build runs; null for Jenkins itself
     * @param node the name of the step's node
     * @param guests listeners of other steps
     * @param say tells the build's log
     */
    static OwnListeners of(
            DistributedRun run,
            RunBase base,
            StepPlace place,
            StepPlan plan,
            StepParameters parameters,
            String user,
            String node,
            RunGuests guests,
            Consumer<String> say) {
        RunSettings settings = plan.run().settings();
        RunOwner owner = new RunOwner(
                place.build(),
                user,
                run,
                access(run, plan),
                node,
                place.openEnvironment(),
                base.loop()::execute,
                StepEngine.get().preparing(),
                say);
        return new OwnListeners(
                owner,
                parameters.own(
                        DistributedTestConfiguration.get().getDefaults(), settings.listenerTimeout(), guests.isBlock()),
                guests.branches());
    }

    /** Where a run's listeners find it. */
    static RunAccess access(DistributedRun run, StepPlan plan) {
        String key = plan.key() == null ? null : plan.key().toSecretText();
        return new RunAccess(
                run.runId(), plan.run().broker(), plan.run().settings().cluster(), key, sources(plan));
    }

    /** Without what stands for the build's parameters. */
    private static String sources(StepPlan plan) {
        String all = plan.tested().sources();
        int space = all.indexOf(' ');
        return space < 0 ? all : all.substring(0, space);
    }
}
