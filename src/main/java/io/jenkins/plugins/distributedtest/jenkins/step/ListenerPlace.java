package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Node;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.remoting.VirtualChannel;
import hudson.slaves.WorkspaceList;
import io.jenkins.plugins.distributedtest.jenkins.executors.GuestPlace;
import io.jenkins.plugins.distributedtest.session.SourceRevision;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import jenkins.MasterToSlaveFileCallable;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.FilePathUtils;
import org.jenkinsci.plugins.workflow.steps.EnvironmentExpander;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** Finds out where a {@code distributedTestListener} is. May wait for the pipeline to be loaded. */
final class ListenerPlace {
    private ListenerPlace() {}

    /** The build. */
    static Run<?, ?> build(StepContext context) throws IOException, InterruptedException {
        return context.get(Run.class);
    }

    /**
     * Where the step is.
     *
     * @throws IOException if its agent is away
     */
    static GuestPlace of(StepContext context) throws IOException, InterruptedException {
        FilePath directory = context.get(FilePath.class);
        Launcher launcher = context.get(Launcher.class);
        if (directory == null || launcher == null) {
            throw new IOException("The agent of this step is not connected");
        }
        EnvVars environment = Objects.requireNonNullElseGet(context.get(EnvVars.class), EnvVars::new);
        String name = FilePathUtils.getNodeName(directory);
        Node node = name.isEmpty() ? Jenkins.get() : Jenkins.get().getNode(name);
        if (node == null) {
            throw new IOException("Agent " + name + " is gone");
        }
        return new GuestPlace(
                directory,
                temporary(directory, environment),
                launcher,
                environment,
                context.get(TaskListener.class),
                name,
                node.getNumExecutors());
    }

    /** Beside the workspace, which containers have as they have the workspace. */
    private static FilePath temporary(FilePath directory, EnvVars environment) throws IOException {
        String known = environment.get("WORKSPACE_TMP");
        FilePath temporary =
                known == null ? WorkspaceList.tempDir(directory) : new FilePath(directory.getChannel(), known);
        if (temporary == null) {
            throw new IOException("There is no temporary directory beside " + directory.getRemote());
        }
        return temporary;
    }

    /** The values of the secret variables of the steps around it. */
    static Collection<String> secrets(StepContext context) throws IOException, InterruptedException {
        EnvironmentExpander around = context.get(EnvironmentExpander.class);
        EnvVars environment = context.get(EnvVars.class);
        return around == null || environment == null
                ? List.of()
                : around.getSensitiveVariables().stream()
                        .map(environment::get)
                        .filter(Objects::nonNull)
                        .toList();
    }

    /** Asks git which sources a directory has. */
    private static final class Revision extends MasterToSlaveFileCallable<String> {
        private static final long serialVersionUID = 1L;

        private final String workspace;

        Revision(String workspace) {
            this.workspace = workspace;
        }

        @Override
        public String invoke(File directory, VirtualChannel channel) throws IOException, InterruptedException {
            Path real = directory.toPath().toRealPath();
            return SourceRevision.of(real, WorkspaceBounds.of(real, workspace).root())
                    .tree();
        }
    }

    /**
     * Makes sure that a directory has the sources of the run, as far as git knows both.
     *
     * @param expected what stands for the run's; empty if it is not known
     * @throws AbortException if it has others; says the way out
     */
    static void check(GuestPlace place, String expected) throws IOException, InterruptedException {
        String found = place.directory().act(new Revision(place.environment().get("WORKSPACE")));
        if (found.isEmpty() || expected.isEmpty()) {
            place.log()
                    .getLogger()
                    .println("Whether the sources here are the run's is not known: they are not in a checkout of git.");
        } else if (!found.equals(expected)) {
            throw new AbortException("The sources in " + place.words() + " are not the run's: git has them as " + found
                    + ", and the run's as " + expected
                    + ". Check out the same commit and change no files that git knows,"
                    + " or leave out sync: 'none', so that the listener fetches the run's sources");
        }
    }
}
