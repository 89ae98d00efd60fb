package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.AbortException;
import hudson.FilePath;
import io.jenkins.plugins.distributedtest.jenkins.build.DistributedTestAction;
import io.jenkins.plugins.distributedtest.jenkins.build.LiveRuns;
import io.jenkins.plugins.distributedtest.jenkins.executors.OwnListeners;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.originator.DistributedRun;
import io.jenkins.plugins.distributedtest.originator.RunBase;
import io.jenkins.plugins.distributedtest.originator.RunEvent;
import io.jenkins.plugins.distributedtest.originator.RunSnapshot;
import io.jenkins.plugins.distributedtest.originator.SyncFailedException;
import io.jenkins.plugins.distributedtest.session.RunProgress;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * The living part of a step: from the preparation, on a thread that may block, over the run, on a loop that is shared,
 * to the {@link Conclusion}, again on a thread that may block. While it waits it is a few objects and no thread.
 */
final class StepRun {
    private static final Logger LOG = Logger.getLogger(StepRun.class.getName());
    /** How long an aborted step waits for its run's end: that takes five seconds at most. */
    private static final int STOP_SECONDS = 10;
    /** How long a step waits for its agent to be back after a restart. */
    private static final Duration AGENT_PATIENCE = Duration.ofMinutes(5);
    /** How often it looks. */
    private static final int AGENT_SECONDS = 2;

    private static final Duration TICK = Duration.ofSeconds(1);

    private final StepContext context;
    private final StepParameters parameters;
    private final RunOrigin origin;
    private final SavedRun saved;
    private final RunGuests guests;
    private final StepEngine engine = StepEngine.get();
    private final Completion completion;

    private volatile String phase = "preparing";
    /** How the executors stand that were asked for. */
    private volatile String executors = "";

    private volatile RunLog log;
    private volatile DistributedRun run;
    private volatile Saver saver;
    private EventLoop.Scheduled tick;
    private Future<?> preparation;
    private PauseSign pauseSign;
    private OwnListeners own;

    /**
     * @param context the step's
     * @param parameters what it says
     * @param origin where it runs, and for whom
     * @param saved what is kept for a restart
     * @param guests listeners of other steps
     * @param completion ends it
     */
    StepRun(
            StepContext context,
            StepParameters parameters,
            RunOrigin origin,
            SavedRun saved,
            RunGuests guests,
            Completion completion) {
        this.context = context;
        this.parameters = parameters;
        this.origin = origin;
        this.saved = saved;
        this.guests = guests;
        this.completion = completion;
    }

    /** Work that may fail, and then fails the step. */
    private interface Work {
        void run() throws Exception;
    }

    private synchronized void prepare(Work work) {
        try {
            preparation = engine.preparing().submit(() -> guarded(work));
        } catch (RejectedExecutionException e) {
            completion.failed(new AbortException("Too many distributed runs are being prepared on this controller"));
        }
    }

    private void guarded(Work work) {
        try {
            work.run();
        } catch (Exception | Error e) {
            LOG.log(Level.FINE, "A distributed run fails", e);
            if (run == null) {
                engine.remove(this);
            }
            completion.failed(e);
        }
    }

    // ---- a new run

    /** Begins the run. Returns at once. */
    void begin() {
        engine.add(this);
        prepare(() -> beginIn(origin.connected()));
    }

    private StepPlace place() throws IOException, InterruptedException {
        StepPlace place = StepPlace.of(context, parameters.secretEnvironment);
        guests.mask().around(place.mask());
        return place;
    }

    private AgentWorkspace sources(StepPlan plan, String runId, StepPlace place) throws IOException {
        return plan.workspace(origin.node(), origin.remote(), runId, place.environment(), saved);
    }

    private void beginIn(FilePath workspace) throws Exception {
        StepPlace place = place();
        StepPlan plan = new RunPlanner(place, parameters, origin.node(), origin.remote(), saved).plan(workspace);
        if (plan == null) {
            engine.remove(this);
            completion.succeeded(StepResult.of(StepPlan.nothing(place.jobName()), null));
            return;
        }
        String runId = UUID.randomUUID().toString();
        log = new RunLog(place, guests.mask(), new RunProgress(plan.run().request()), runId);
        saved.delete();
        saved.writePlan(plan.saved(runId));
        AgentWorkspace sources = sources(plan, runId, place);
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedException();
        }
        RunBase base = engine.enter(plan.run().broker());
        try {
            DistributedRun made = plan.create(base, runId, sources, this::event);
            live(made, base, place, plan, sources);
        } catch (Exception | Error e) {
            engine.leave(plan.run().broker());
            LiveRuns.unregister(runId);
            throw e;
        }
    }

    private void live(DistributedRun made, RunBase base, StepPlace place, StepPlan plan, AgentWorkspace sources)
            throws IOException {
        DistributedTestAction page = DistributedTestAction.of(place.build());
        guests.called(plan.title());
        page.started(made.runId(), plan.title(), place.node().getId());
        LiveRuns.register(made.runId(), () -> guests.mask().hide(made.snapshot()));
        saver = new Saver(made, saved, engine.working());
        pauseSign = new PauseSign(place.node(), engine.working());
        Conclusion conclusion = new Conclusion(place, guests.mask(), parameters, plan, sources, saved, log, completion);
        own = StepListeners.of(made, base, place, plan, parameters, origin.user(), origin.node(), guests, log::say);
        made.result().whenComplete((report, failure) -> ended(base, conclusion, report, failure));
        synchronized (this) {
            if (completion.isDone()) {
                throw new InterruptedIOException("The step ended while its run was prepared");
            }
            run = made;
            if (completion.isStopped()) {
                made.cancel(completion.reason());
            }
        }
        phase = null;
        tick = base.loop().every(TICK, this::tick);
        made.start();
        base.loop().execute(() -> own.begin(saved.canBeTakenUp()));
        guests.live(StepListeners.access(made, plan), own, base.loop()::execute);
    }

    // ---- after a restart of the controller

    /** Takes the run up where it was, or begins it again if it had not begun. Returns at once. */
    void resume() {
        engine.add(this);
        phase = "being taken up after a restart of the controller";
        prepare(() -> {
            if (saved.canBeTakenUp()) {
                takeUp();
            } else {
                beginAgain(System.nanoTime());
            }
        });
    }

    private void takeUp() throws Exception {
        StepPlace place = place();
        SavedRun.Plan kept = saved.plan();
        RunSnapshot snapshot = saved.snapshot();
        StepPlan plan = StepPlan.of(kept, snapshot);
        String runId = snapshot.runId();
        RunProgress progress = new RunProgress(plan.run().request());
        log = new RunLog(place, guests.mask(), progress, runId);
        AgentWorkspace sources = sources(plan, runId, place);
        Conclusion conclusion = new Conclusion(place, guests.mask(), parameters, plan, sources, saved, log, completion);
        RunReport ended = conclusion.written(runId);
        if (ended != null) {
            conclusion.begin(ended, null, this::over);
            return;
        }
        RunBase base = engine.enter(plan.run().broker());
        try {
            DistributedRun made = plan.resume(base, snapshot, sources, this::event);
            progress.restore(made.snapshot());
            log.say("The controller was restarted; taking up the run: " + progress);
            live(made, base, place, plan, sources);
        } catch (Exception | Error e) {
            engine.leave(plan.run().broker());
            LiveRuns.unregister(runId);
            throw e;
        }
    }

    /** Waits for the agent without a thread. */
    private void beginAgain(long since) throws Exception {
        FilePath workspace = origin.workspace();
        if (workspace != null) {
            beginIn(workspace);
        } else if (System.nanoTime() - since < AGENT_PATIENCE.toNanos()) {
            Timer.get().schedule(() -> prepare(() -> beginAgain(since)), AGENT_SECONDS, TimeUnit.SECONDS);
        } else {
            throw new AbortException(
                    "Agent " + origin.node() + " has not come back since the controller was restarted");
        }
    }

    // ---- on the loop

    private void event(RunEvent event) {
        log.event(event);
        own.event(event);
        if (event instanceof RunEvent.Published) {
            saver.saveNow();
        } else if (!(event instanceof RunEvent.WaitingForListeners)) { // which changes nothing
            saver.changed();
        }
    }

    private void tick() {
        log.tick();
        own.tick();
        executors = own.words();
        pauseSign.tick(log.progress().hasListeners());
        saver.saveIfDue();
    }

    private void ended(RunBase base, Conclusion conclusion, RunReport report, Throwable failure) {
        tick.cancel();
        own.end();
        pauseSign.end();
        engine.leave(base.address());
        prepareConclusion(() -> {
            saver.stop();
            RunReport last = failure instanceof SyncFailedException sync ? sync.report() : report;
            conclusion.begin(last, failure, this::over);
        });
    }

    /** Not by way of {@link #prepare}: what {@link #stop} interrupts is the preparation only. */
    private void prepareConclusion(Work work) {
        try {
            engine.preparing().execute(() -> guarded(work));
        } catch (RejectedExecutionException e) {
            completion.failed(new AbortException("Too many distributed runs end at the same time on this controller"));
        }
    }

    private void over() {
        LiveRuns.unregister(run == null ? "" : run.runId());
        engine.remove(this);
    }

    // ---- from outside

    /** Stops the run, and then fails the step. Returns at once. */
    void stop(Throwable cause) {
        completion.stopping(cause);
        synchronized (this) {
            if (run != null) {
                run.cancel(completion.reason());
            } else if (preparation != null) {
                preparation.cancel(true);
                engine.remove(this);
                completion.failed(cause);
            }
        }
        Timer.get().schedule(() -> completion.failed(cause), STOP_SECONDS, TimeUnit.SECONDS);
    }

    /** How far it is, for people. Does not wait. */
    String status() {
        String before = phase;
        return before != null ? before : log.progress().toString() + executors;
    }

    /** The controller stops: saves what is known and says nothing to listeners. */
    void letGo() {
        DistributedRun living;
        synchronized (this) {
            living = run;
            if (living == null && preparation != null) {
                completion.forgo();
                preparation.cancel(true);
            }
        }
        if (living == null || living.result().isDone()) {
            return;
        }
        try {
            saver.saveAndStop(TimeUnit.SECONDS.toMillis(10));
        } catch (IOException | ExecutionException | TimeoutException | RuntimeException e) {
            LOG.log(Level.WARNING, "The last state of run " + living.runId() + " could not be saved", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        living.abandon();
        LiveRuns.unregister(living.runId());
    }
}
