package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.broker.EmbeddedBroker;
import io.jenkins.plugins.distributedtest.compare.CompareException;
import io.jenkins.plugins.distributedtest.compare.OurRuns;
import io.jenkins.plugins.distributedtest.config.RunConfiguration;
import io.jenkins.plugins.distributedtest.listener.Listener;
import io.jenkins.plugins.distributedtest.listener.ListenerSettings;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.originator.DistributedRun;
import io.jenkins.plugins.distributedtest.originator.RunBase;
import io.jenkins.plugins.distributedtest.originator.RunRequest;
import io.jenkins.plugins.distributedtest.originator.RunSettings;
import io.jenkins.plugins.distributedtest.process.ProcessTree;
import io.jenkins.plugins.distributedtest.session.LocalCallbacks;
import io.jenkins.plugins.distributedtest.session.ProjectRun;
import io.jenkins.plugins.distributedtest.session.RunVerdict;
import io.jenkins.plugins.distributedtest.suite.FileSizes;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.RuntimeHistory;
import io.jenkins.plugins.distributedtest.suite.SubProject;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.sync.Sync;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs on this machine alone, one after the other: a broker that stays, and a listener for each run. */
final class LocalRuns implements OurRuns, AutoCloseable {
    /** How long a run may take to end when it is cancelled. */
    private static final Duration CANCEL_LIMIT = Duration.ofSeconds(14);

    /** How long a command may take to end that runs such when it is interrupted. */
    static final Duration END_LIMIT = CANCEL_LIMIT.plus(LocalSlots.CLOSE_LIMIT).plus(ProcessTree.LIMIT);

    private final RunConfiguration configuration;
    private final ProjectRun project;
    private final ListenerSettings listeners;
    private final EmbeddedBroker broker;

    /**
     * Starts the broker.
     *
     * @param configuration what is configured
     * @param project the project
     * @param listeners how a listener is set
     * @throws IOException if no broker can be started here
     */
    LocalRuns(RunConfiguration configuration, ProjectRun project, ListenerSettings listeners) throws IOException {
        this.configuration = configuration;
        this.project = project;
        this.listeners = listeners;
        broker = EmbeddedBroker.start(EmbeddedBroker.Options.DEFAULT);
    }

    @Override
    public RunReport run(List<TestFile> files, Way way) throws Exception {
        RunRequest request = request(files, way);
        ListenerSettings settings = listeners
                .in(request.settings().cluster())
                .withSlots(way.slots() == 0 ? listeners.slots() : way.slots())
                .withKeptTrees(0);
        try (Listener listener = new Listener(settings, broker.address(), new SimpleMeterRegistry());
                EventLoop loop = new EventLoop("run")) {
            listener.start();
            DistributedRun run = DistributedRun.create(
                    RunBase.of(loop, broker.address()), request, configuration.directory(), event -> {});
            run.start();
            return complete(await(run));
        }
    }

    @Override
    public Path copies() throws IOException {
        return Listener.workspaces(listeners);
    }

    private RunRequest request(List<TestFile> files, Way way) throws Exception {
        RunSettings settings = project.settings();
        if (way.equals(Way.USUAL)) {
            RuntimeHistory history = RuntimeHistory.read(configuration.runtimeFile());
            LocalCallbacks callbacks = LocalCallbacks.of(settings, configuration.directory());
            return project.plan(broker.address(), history, callbacks, FileSizes.in(configuration.directory()))
                    .request();
        }
        if (way.inPlace()) {
            settings = settings.withSync(new Sync.None(settings.sync().exclude()));
        }
        if (way.directory() != null) {
            settings = settings.withRunners(settings.runners().in(List.of(SubProject.in(way.directory()))));
        }
        return RunRequest.of(settings, files);
    }

    private static RunReport await(DistributedRun run) throws Exception {
        try {
            return run.result().get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } catch (InterruptedException e) {
            run.cancel("cancelled by its user");
            try {
                run.result().get(CANCEL_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException failed) {
                e.addSuppressed(failed);
            }
            throw e;
        }
    }

    private static RunReport complete(RunReport report) throws CompareException, InterruptedException {
        RunVerdict.Kind kind = RunVerdict.of(report).kind();
        if (kind == RunVerdict.Kind.CANCELLED) {
            throw new InterruptedException();
        }
        if (!kind.isTested()) {
            throw new CompareException("Our run did not come to its end: " + report.problem());
        }
        return report;
    }

    @Override
    public void close() {
        broker.close();
    }
}
