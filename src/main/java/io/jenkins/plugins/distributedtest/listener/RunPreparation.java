package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.callback.CallbackException;
import io.jenkins.plugins.distributedtest.callback.Callbacks;
import io.jenkins.plugins.distributedtest.collect.CollectLine;
import io.jenkins.plugins.distributedtest.collect.ShareCollection;
import io.jenkins.plugins.distributedtest.runner.RunnerEnvironment;
import io.jenkins.plugins.distributedtest.runner.RunnerException;
import io.jenkins.plugins.distributedtest.suite.SubProject;
import io.jenkins.plugins.distributedtest.sync.FetchedTree;
import io.jenkins.plugins.distributedtest.sync.JobSource;
import io.jenkins.plugins.distributedtest.sync.SyncException;
import io.jenkins.plugins.distributedtest.wire.NativeMessage.Left.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a job ready to run on this host: a workspace, the sources, {@code after_sync}, the runners,
 * {@code before_creating_workers}. On a thread that may block; whatever fails leaves nothing behind.
 */
final class RunPreparation {
    /** For each closing callback when the preparation fails or is stopped. */
    private static final Duration GIVEN_UP = Duration.ofMillis(1500);

    private static final Logger LOG = LoggerFactory.getLogger(RunPreparation.class);

    private final ListenerSettings settings;
    private final String listener;
    private final String host;
    private final Sources sources;
    private final RunnerFactory factory;
    private final SpareWorkspaces workspaces;

    /** How the sources get here, see {@link io.jenkins.plugins.distributedtest.sync.SourceFetcher#fetch}. */
    interface Sources {
        /** Gets a tree. */
        FetchedTree fetch(JobSource job, Path workspace) throws SyncException, InterruptedException;
    }

    /**
     * @param settings the listener's settings
     * @param listener its id
     * @param host its host
     * @param sources how sources get here
     * @param factory where runners come from
     * @param workspaces where workspaces come from
     */
    RunPreparation(
            ListenerSettings settings,
            String listener,
            String host,
            Sources sources,
            RunnerFactory factory,
            SpareWorkspaces workspaces) {
        this.settings = settings;
        this.listener = listener;
        this.host = host;
        this.sources = sources;
        this.factory = factory;
        this.workspaces = workspaces;
    }

    /**
     * Prepares a job.
     *
     * @param job what is known of it
     * @param line the line for what tests leave behind; null if nothing is to be brought back
     * @return the prepared job, which the caller has to close
     * @throws PreparationException if it cannot be prepared
     * @throws InterruptedException if this thread is interrupted
     */
    PreparedRun prepare(RunDefinition job, CollectLine line) throws PreparationException, InterruptedException {
        SpareWorkspaces.Opened opened;
        try {
            opened = workspaces.open(job.project(), job.runId(), job.sync().kind());
        } catch (IOException e) {
            throw new PreparationException(
                    Reason.SYNC_FAILED, null, "No workspace could be made: " + e.getMessage(), "", e);
        }
        PreparedRun prepared = null;
        try {
            Path spool = opened.workspace().directory().resolve("collected");
            prepared = prepare(job, opened, new ShareCollection(job.collect(), line, listener, host, spool));
            return prepared;
        } catch (SyncException e) {
            Reason reason = e.kind() == SyncException.Kind.TREE_DIFFERS ? Reason.TREE_DIFFERS : Reason.SYNC_FAILED;
            throw new PreparationException(reason, null, e.getMessage(), e.output(), e);
        } catch (CallbackException e) {
            throw new PreparationException(Reason.CALLBACK_FAILED, e.callback(), e.getMessage(), e.output(), e);
        } catch (RunnerException e) {
            throw new PreparationException(Ending.reason(e), null, e.getMessage(), e.output(), e);
        } catch (RuntimeException e) {
            throw new PreparationException(Reason.RUNNER_FAILED, null, "The job cannot be prepared: " + e, "", e);
        } finally {
            if (prepared == null) {
                opened.workspace().close();
            }
        }
    }

    private PreparedRun prepare(RunDefinition job, SpareWorkspaces.Opened opened, ShareCollection collection)
            throws SyncException, CallbackException, RunnerException, InterruptedException {
        Workspace workspace = opened.workspace();
        FetchedTree tree =
                sources.fetch(new JobSource(job.runId(), job.project(), job.sync(), opened.before()), workspace.tree());
        collection.baseline(tree.directory());
        Map<String, String> environment = new HashMap<>(job.environment());
        environment.replaceAll((name, value) ->
                value.equals(SubProject.WORKSPACE) ? tree.directory().toString() : value);
        environment.putAll(workspace.environment());
        Callbacks callbacks = new Callbacks(
                job.callbacks(),
                tree.directory(),
                environment,
                job.runners().interpreters().get("ruby"),
                settings.callbackTimeout());
        callbacks.run(Callbacks.AFTER_SYNC);
        boolean perSlot =
                settings.slots() > 1 && (settings.treePerSlot() || job.runners().treePerSlot());
        SlotTrees trees = new SlotTrees(tree.directory(), workspace, perSlot ? settings.slots() : 1);
        RunnerFactory.JobRunners runners = open(job, trees, workspace.logs(), environment);
        Callbacks own = runners.runsRubyCallbacks() ? callbacks.commandsOnly() : callbacks;
        PreparedRun prepared = new PreparedRun(
                workspace,
                tree,
                trees,
                runners,
                own,
                () -> workspaces.release(job.project(), workspace, tree.laidOut()),
                collection);
        open(new Opening(runners, own, () -> {
            trees.copy(settings.syncTimeout());
            trees.copies().forEach(collection::baseline);
        }));
        return prepared;
    }

    private static void open(Opening opening)
            throws SyncException, CallbackException, RunnerException, InterruptedException {
        try {
            opening.open();
        } catch (InterruptedException e) {
            List<String> unclosed = opening.giveUp();
            if (unclosed.isEmpty()) {
                throw e;
            }
            throw new CallbackException(Callbacks.AFTER_CREATING_WORKERS, String.join("\n", unclosed), "");
        } catch (SyncException | CallbackException | RunnerException | RuntimeException e) {
            opening.giveUp().forEach(each -> LOG.warn("After a preparation that failed: {}", each));
            throw e;
        }
    }

    private RunnerFactory.JobRunners open(
            RunDefinition job, SlotTrees trees, Path logs, Map<String, String> environment) throws RunnerException {
        List<RunnerFactory.JobRunners> opened = new ArrayList<>();
        for (Path tree : trees.all()) {
            int slot = opened.size() + 1;
            opened.add(factory.open(
                    job.runners(),
                    new RunnerEnvironment(
                            tree,
                            trees.all().size() == 1 ? logs : logs.resolve("slot-" + slot),
                            job.runId(),
                            listener,
                            host,
                            settings.slots(),
                            environment,
                            job.callbacks().classFile(),
                            settings.callbackTimeout())));
        }
        return opened.size() == 1 ? opened.get(0) : new RunnersPerSlot(opened);
    }

    /** Makes the trees of the slots. */
    private interface Copying {
        void copy() throws SyncException, InterruptedException;
    }

    /** {@code before_creating_workers}, and what closes that again if the rest comes to no good end. */
    private static final class Opening {
        private final RunnerFactory.JobRunners runners;
        private final Callbacks own;
        private final Copying trees;
        private boolean opened;

        Opening(RunnerFactory.JobRunners runners, Callbacks own, Copying trees) {
            this.runners = runners;
            this.own = own;
            this.trees = trees;
        }

        void open() throws SyncException, CallbackException, RunnerException, InterruptedException {
            own.run(Callbacks.BEFORE_CREATING_WORKERS);
            opened = true;
            trees.copy();
            runners.beforeCreatingWorkers();
        }

        /** Returns what went wrong with closing callbacks. */
        List<String> giveUp() {
            runners.stop(GIVEN_UP);
            runners.close(GIVEN_UP);
            List<String> problems = new ArrayList<>(runners.callbackProblems());
            try {
                if (opened) {
                    own.atMost(GIVEN_UP).run(Callbacks.AFTER_CREATING_WORKERS);
                }
            } catch (CallbackException e) {
                problems.add((e.getMessage() + "\n" + e.output()).strip());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return problems;
        }
    }
}
