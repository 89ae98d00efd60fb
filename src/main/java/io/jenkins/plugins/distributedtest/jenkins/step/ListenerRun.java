package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.AbortException;
import io.jenkins.plugins.distributedtest.jenkins.build.DistributedTestAction;
import io.jenkins.plugins.distributedtest.jenkins.executors.Guest;
import io.jenkins.plugins.distributedtest.jenkins.executors.GuestPlace;
import io.jenkins.plugins.distributedtest.jenkins.executors.GuestProcess;
import io.jenkins.plugins.distributedtest.jenkins.executors.GuestSettings;
import io.jenkins.plugins.distributedtest.jenkins.executors.RunAccess;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * The living part of a {@code distributedTestListener}: it looks for its run, joins it, has the listener started when the
 * run is there, and ends when the run needs it no more. What blocks is done on threads of {@link StepEngine}; in between
 * it is looked once a second, without a thread.
 */
final class ListenerRun implements Guest {
    private static final Logger LOG = Logger.getLogger(ListenerRun.class.getName());
    /** How long it waits for its run to begin. */
    private static final Duration RUN_PATIENCE = Duration.ofHours(1);
    /** How long it waits for its agent to be back. */
    private static final Duration AGENT_PATIENCE = Duration.ofMinutes(5);
    /** How long one that was aborted waits for its listener's end. */
    private static final int STOP_SECONDS = 45;

    private static final int STARTS = 3;

    private final StepContext context;
    private final GuestSettings settings;
    private final RunReference inside;
    private final String runName;
    private final Completion completion;
    private final long since = System.nanoTime();

    private volatile String listenerId = UUID.randomUUID().toString();
    private volatile String status = "waiting for its run";
    private volatile GuestPlace place;
    private volatile RunGuests guests;
    private int starts;
    /** Guarded by this object, as the following is. */
    private GuestProcess process;

    private boolean released;
    private boolean starting;

    /**
     * @param context the step's
     * @param settings what the step says
     * @param inside the run whose block it is in; null if it names one
     * @param runName the title of the run; null for the one whose block it is in
     */
    ListenerRun(StepContext context, GuestSettings settings, RunReference inside, String runName) {
        this.context = context;
        this.settings = settings;
        this.inside = inside;
        this.runName = runName;
        this.completion = new Completion(context::onSuccess, context::onFailure);
    }

    /** Work that may fail, and then fails the step. */
    private interface Work {
        void run() throws Exception;
    }

    private void blocking(Work work) {
        try {
            StepEngine.get().preparing().execute(() -> guarded(work));
        } catch (RejectedExecutionException e) {
            failed(new AbortException("Too much is going on at the same time on this controller"));
        }
    }

    private void guarded(Work work) {
        try {
            work.run();
        } catch (Exception | Error e) {
            LOG.log(Level.FINE, "A listener's step fails", e);
            failed(e);
        }
    }

    private void soon(Work work) {
        Timer.get().schedule(() -> blocking(work), 1, TimeUnit.SECONDS);
    }

    private void failed(Throwable why) {
        RunGuests joined = guests;
        if (joined != null) {
            joined.left(this, null);
        }
        completion.failed(why);
    }

    // ---- before the run

    /** Begins. Returns at once. */
    void begin() {
        blocking(() -> find(System.nanoTime()));
    }

    /** Begins again after a restart of the controller, or of the agent's connection: the agent may be away. */
    void beginAgain() {
        status = "waiting for its agent";
        blocking(() -> find(System.nanoTime()));
    }

    private void find(long began) throws Exception {
        if (completion.isDone()) {
            return;
        }
        GuestPlace here;
        try {
            here = ListenerPlace.of(context);
        } catch (IOException e) {
            RunGuests joined = guests;
            if (joined != null && joined.isOver()) {
                completion.succeeded(null);
                return;
            }
            if (System.nanoTime() - began > AGENT_PATIENCE.toNanos()) {
                throw e;
            }
            soon(() -> find(began));
            return;
        }
        RunGuests found = inside != null && runName == null
                ? RunGuests.of(inside.stateId())
                : RunGuests.of(ListenerPlace.build(context), runName);
        if (found != null) {
            join(found, here);
        } else if (runName != null
                && DistributedTestAction.of(ListenerPlace.build(context)).hasEnded(runName)) {
            here.log().getLogger().println("The run " + runName + " is over: no listener is needed any more.");
            completion.succeeded(null);
        } else if (System.nanoTime() - since > RUN_PATIENCE.toNanos()) {
            throw new AbortException("No distributedTest with the title " + runName + " has begun in this build within "
                    + RUN_PATIENCE.toMinutes() + " minutes. Is its title the one that run says?");
        } else {
            soon(() -> find(System.nanoTime()));
        }
    }

    private void join(RunGuests found, GuestPlace here) throws IOException, InterruptedException {
        place = here;
        status = "waiting for the run to begin";
        if (found.mask().add(ListenerPlace.secrets(context))) {
            context.saveState();
        }
        guests = found;
        found.join(this);
    }

    // ---- what the run hears and says

    /** The number of the block's branch that it is in, from 0; -1 if it has named its run. */
    int branch() {
        return inside == null || runName != null ? -1 : inside.branch();
    }

    /** The name of its node; empty for the built-in one. */
    String node() {
        return place.node();
    }

    /** The step's directory, as its node names it. */
    String directory() {
        return place.directory().getRemote();
    }

    @Override
    public String listenerId() {
        return listenerId;
    }

    @Override
    public String place() {
        return place.words();
    }

    @Override
    public void serve(RunAccess access) {
        synchronized (this) {
            starting = true;
        }
        status = "starting a listener";
        blocking(() -> start(access));
    }

    @Override
    public void release() {
        GuestProcess running;
        boolean wait;
        synchronized (this) {
            released = true;
            running = process;
            wait = running != null || starting;
        }
        if (running != null) {
            running.stop();
        }
        if (!wait) {
            end();
        }
    }

    /** It is not needed any more: ends the step, unless the run still needs its workspace. */
    private void end() {
        if (guests.mustStay(this)) {
            status = "keeping its workspace for the run's results";
        } else {
            completion.succeeded(null);
        }
    }

    // ---- its process

    private void start(RunAccess access) throws Exception {
        GuestProcess started;
        try {
            if (settings.here()) {
                ListenerPlace.check(place, access.sources());
            }
            starts++;
            started = GuestProcess.start(place, settings, access, listenerId);
        } finally {
            synchronized (this) {
                starting = false;
            }
        }
        synchronized (this) {
            process = started;
            if (released || completion.isStopped()) {
                started.stop();
            }
        }
        status = "serving";
        soon(this::look);
    }

    private void look() throws InterruptedException {
        GuestProcess running;
        synchronized (this) {
            running = process;
        }
        if (running == null) {
            return;
        }
        if (!running.isOver()) {
            soon(this::look);
            return;
        }
        boolean served = running.hasCome();
        boolean lost = running.isLost();
        String ending = running.conclude();
        boolean asked;
        synchronized (this) {
            process = null;
            asked = released;
        }
        ended(asked, served, lost, ending);
    }

    private void ended(boolean asked, boolean served, boolean lost, String ending) {
        if (completion.isStopped()) {
            String why = "somebody has stopped it (" + completion.reason() + ")";
            guests.left(this, asked ? null : why);
            if (served) {
                guests.excuse(this, why);
            }
            completion.failed(null);
        } else if (asked) {
            guests.left(this, null);
            end();
        } else if (lost && starts < STARTS) {
            guests.left(this, "its connection to the controller is lost");
            listenerId = UUID.randomUUID().toString();
            beginAgain();
        } else {
            guests.left(this, ending);
            if (served) {
                guests.excuse(this, "its listener is lost: " + ending);
            }
            completion.failed(new AbortException(
                    "The listener on " + place.words() + " has ended although nobody had" + " asked it to: " + ending));
        }
    }

    // ---- from outside

    /** Stops the listener, and then fails the step. Returns at once. */
    void stop(Throwable cause) {
        completion.stopping(cause);
        GuestProcess running;
        boolean wait;
        synchronized (this) {
            running = process;
            wait = running != null || starting;
        }
        if (running != null) {
            running.stop();
        }
        if (wait) {
            Timer.get().schedule(() -> failed(cause), STOP_SECONDS, TimeUnit.SECONDS);
        } else {
            failed(cause);
        }
    }

    /** How it is, for people. */
    String status() {
        return status;
    }
}
