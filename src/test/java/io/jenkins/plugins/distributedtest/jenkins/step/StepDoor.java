package io.jenkins.plugins.distributedtest.jenkins.step;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.originator.DistributedRun;
import io.jenkins.plugins.distributedtest.originator.RunBase;
import io.jenkins.plugins.distributedtest.originator.RunSettings;
import io.jenkins.plugins.distributedtest.report.RerunCommand;
import io.jenkins.plugins.distributedtest.session.FrontDoor;
import io.jenkins.plugins.distributedtest.session.LocalCallbacks;
import io.jenkins.plugins.distributedtest.session.ProjectRun;
import io.jenkins.plugins.distributedtest.session.ReportTargets;
import io.jenkins.plugins.distributedtest.session.RunNarrator;
import io.jenkins.plugins.distributedtest.session.RunOutputs;
import io.jenkins.plugins.distributedtest.session.RunPlan;
import io.jenkins.plugins.distributedtest.session.RunProgress;
import io.jenkins.plugins.distributedtest.session.RunVerdict;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.sync.BlobSource;
import io.jenkins.plugins.distributedtest.sync.Manifest;
import io.jenkins.plugins.distributedtest.sync.SourceOffers;
import io.jenkins.plugins.distributedtest.sync.Sync;
import io.jenkins.plugins.distributedtest.sync.SyncException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;

/**
 * The Jenkins step as far as it goes without a controller: the request for the agent is serialized, what the agent knows
 * of the project comes back as JSON, and sources and callbacks are read and run with the settings as they travel there.
 * DistributedTestStepTest has the rest, in a real Jenkins.
 */
public final class StepDoor implements FrontDoor {
    private static final String HISTORY = "default";

    @Override
    public Outcome run(Path project, BrokerAddress broker, Path runtimes, Path work) throws Exception {
        Path job = work.resolve("job");
        Path history = job.resolve("distributed-test/runtimes-default.json");
        Files.createDirectories(history.getParent());
        Files.copy(runtimes, history);
        List<String> told = new CopyOnWriteArrayList<>();
        RemoteProject remote = read(project, project.resolve(".distributed-test/step"));
        ProjectRun read = remote.run();
        read.warnings().forEach(warning -> told.add("Warning: " + warning));
        LocalCallbacks callbacks = callbacks(project, read.settings());
        RunPlan plan = read.inClusterUnlessSaid("another").plan(broker, JobRecords.runtimes(job, HISTORY), callbacks);
        told.add(plan.sentence());
        RunNarrator narrator = RunLog.narrator(new RunProgress(plan.request()), (file, text) -> text);
        RunReport report = distribute(project, plan, narrator, told);
        told.addAll(narrator.end(report).lines().toList());
        RunOutputs outputs = new RunOutputs(
                report, RerunCommand.DEFAULT, text -> told.addAll(text.lines().toList()));
        JobRecords.record(job, HISTORY, report, plan.history());
        outputs.reports(remote.reports(), RunOutputs.Place.LOCAL);
        outputs.lastCallback(plan.settings(), callbacks);
        ReportTargets reports = remote.reports();
        return new Outcome(
                told,
                outputs.problems() + RunVerdict.of(report).message(),
                Path.of(reports.junit()),
                Path.of(reports.html()),
                Path.of(reports.json()),
                history);
    }

    private static RemoteProject read(Path project, Path out) throws Exception {
        StepOptions options = new StepOptions()
                .text("resultsFile", "junit", out.resolve("junit.xml"))
                .text("html", "html", out.resolve("report.html"))
                .text("json", "json", out.resolve("report.json"));
        ProjectRequest request =
                new ProjectRequest(options, new StepOptions(), null, new StepSuite(null, null), Map.of());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream to = new ObjectOutputStream(bytes)) {
            to.writeObject(request);
        }
        try (ObjectInputStream from = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return RemoteProject.fromJson(RemoteProject.read(project, (ProjectRequest) from.readObject())
                    .toJson());
        }
    }

    private static LocalCallbacks callbacks(Path project, RunSettings settings) throws Exception {
        return LocalCallbacks.of(RunSettings.fromJson(settings.toJson()), project, Map.of());
    }

    private static RunReport distribute(Path project, RunPlan plan, RunNarrator narrator, List<String> told)
            throws Exception {
        try (EventLoop loop = new EventLoop("test-step")) {
            String runId = UUID.randomUUID().toString();
            Sync.Content sync = (Sync.Content)
                    RunSettings.fromJson(plan.settings().toJson()).sync();
            DistributedRun run = DistributedRun.create(
                    RunBase.of(loop, plan.broker()),
                    plan.request(),
                    runId,
                    SourceOffers.content(loop, runId, sync, new AgentTree(project, sync), ForkJoinPool.commonPool()),
                    event -> told.addAll(narrator.tell(event).lines().toList()));
            run.start();
            return run.result().get(120, TimeUnit.SECONDS);
        }
    }

    /** The workspace, a piece at a time. */
    private record AgentTree(Path workspace, Sync sync) implements SourceOffers.RemoteTree {
        @Override
        public byte[] manifest() throws SyncException, InterruptedException {
            return SourceOffers.manifest(workspace, sync.exclude(), null);
        }

        @Override
        public BlobSource content(Manifest manifest) {
            return new RemoteBlobs(manifest, pieces -> Arrays.asList(WorkspacePieces.read(workspace, pieces)));
        }
    }
}
