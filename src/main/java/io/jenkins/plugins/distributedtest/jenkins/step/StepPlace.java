package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.EnvVars;
import hudson.model.Job;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.distributedtest.jenkins.job.JobQuarantine;
import io.jenkins.plugins.distributedtest.suite.Quarantine;
import io.jenkins.plugins.distributedtest.suite.RuntimeHistory;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.actions.LabelAction;
import org.jenkinsci.plugins.workflow.actions.ThreadNameAction;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.EnvironmentExpander;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Where a step is: in which build, at which node of its graph, with which log and variables; and what the build's job
 * and its other builds know.
 *
 * @param build the build
 * @param node the step's node
 * @param listener the log
 * @param environment the build's variables, as they are at the step
 * @param mask hides the secrets among them
 * @param secrets those that tests see on listeners of the step's run
 * @param secretNames which variables are secret
 * @param variables those that tests see on every listener
 */
record StepPlace(
        Run<?, ?> build,
        FlowNode node,
        TaskListener listener,
        EnvVars environment,
        SecretMask mask,
        StepSecrets secrets,
        Set<String> secretNames,
        Map<String, String> variables) {
    /** Checks that all is there. */
    StepPlace {
        Objects.requireNonNull(build, "build");
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(listener, "listener");
        Objects.requireNonNull(environment, "environment");
        Objects.requireNonNull(mask, "mask");
    }

    /**
     * Where a step is. May wait for the pipeline to be loaded.
     *
     * @param secretEnvironment names of variables that tests see although they are secret
     */
    static StepPlace of(StepContext context, List<String> secretEnvironment) throws IOException, InterruptedException {
        EnvVars environment = context.get(EnvVars.class);
        EnvironmentExpander around = context.get(EnvironmentExpander.class);
        StepSecrets secrets = StepSecrets.of(secretEnvironment, environment);
        SecretMask mask = mask(around, environment, secrets);
        return new StepPlace(
                context.get(Run.class),
                context.get(FlowNode.class),
                context.get(TaskListener.class),
                environment,
                mask,
                secrets,
                around == null ? Set.of() : Set.copyOf(around.getSensitiveVariables()),
                environment == null ? Map.of() : StepVariables.forListeners(environment, around, mask));
    }

    /** The variables that are not secret. */
    Map<String, String> openEnvironment() {
        Map<String, String> open = new TreeMap<>(environment);
        secretNames.forEach(open::remove);
        open.values().removeIf(value -> !mask.hide(value).equals(value));
        return open;
    }

    /** Hides what the steps around this one say is secret, such as {@code withCredentials}, and what the step itself does. */
    private static SecretMask mask(EnvironmentExpander around, EnvVars environment, StepSecrets secrets) {
        Set<String> hidden = new HashSet<>(secrets.values().values());
        if (around != null && environment != null) {
            around.getSensitiveVariables().forEach(name -> hidden.add(environment.get(name)));
        }
        return SecretMask.of(hidden);
    }

    private Job<?, ?> job() {
        return build.getParent();
    }

    /** The job's full name. */
    String jobName() {
        return job().getFullName();
    }

    /** The job's directory. */
    Path jobDirectory() {
        return job().getRootDir().toPath();
    }

    /** The build's directory. */
    Path buildDirectory() {
        return build.getRootDir().toPath();
    }

    /** The directory of another build of the job; perhaps there is none. */
    Path directoryOf(int number) {
        return job().getBuildDir().toPath().resolve(Integer.toString(number));
    }

    /** Where the build keeps files of distributed runs. */
    Path runDirectory() {
        return buildDirectory().resolve(JobRecords.DIRECTORY);
    }

    /** What the stage or branch around the step is called; empty if there is none. */
    String enclosingTitle() {
        for (FlowNode block : node.getEnclosingBlocks()) {
            ThreadNameAction branch = block.getAction(ThreadNameAction.class);
            if (branch != null) {
                return branch.getThreadName();
            }
            LabelAction label = block.getAction(LabelAction.class);
            if (label != null) {
                return label.getDisplayName();
            }
        }
        return "";
    }

    /**
     * What failed in the last build that had a distributed run.
     *
     * @return null if there is no such build
     */
    List<TestFile> failedBefore() throws SuiteException, IOException {
        for (Run<?, ?> before = build.getPreviousBuild(); before != null; before = before.getPreviousBuild()) {
            List<TestFile> failed = JobRecords.failed(before.getRootDir().toPath());
            if (failed != null) {
                return failed;
            }
        }
        return null;
    }

    /**
     * The recorded runtimes of the job; as long as it has none and is a pull request's, those of its target branch.
     *
     * @param name the history's name; null for none
     */
    RuntimeHistory history(String name) throws SuiteException, IOException {
        if (name == null) {
            return RuntimeHistory.EMPTY;
        }
        RuntimeHistory own = JobRecords.runtimes(jobDirectory(), name);
        Job<?, ?> target = own.size() > 0 ? null : target();
        return target == null ? own : JobRecords.runtimes(target.getRootDir().toPath(), name);
    }

    /**
     * What people have put in quarantine on the job's page; for a pull request also on that of its target branch.
     *
     * @param title the run's title
     */
    Quarantine marked(String title) throws IOException {
        Quarantine own = JobQuarantine.of(jobDirectory(), title);
        Job<?, ?> target = target();
        return target == null
                ? own
                : own.with(JobQuarantine.of(target.getRootDir().toPath(), title));
    }

    /** The job beside this one of the branch that a pull request goes to; null if there is none. */
    @SuppressWarnings("try")
    private Job<?, ?> target() {
        String branch = environment.get("CHANGE_TARGET");
        if (branch == null || branch.isEmpty()) {
            return null;
        }
        String prefix = jobName().substring(0, jobName().lastIndexOf('/') + 1);
        try (ACLContext system = ACL.as2(ACL.SYSTEM2)) {
            // A branch's job has the branch's name with its slashes encoded.
            return Stream.of(branch, URLEncoder.encode(branch, StandardCharsets.UTF_8))
                    .map(name -> Jenkins.get().getItemByFullName(prefix + name))
                    .filter(item -> item instanceof Job && item != job())
                    .map(item -> (Job<?, ?>) item)
                    .findFirst()
                    .orElse(null);
        }
    }
}
