package io.jenkins.plugins.distributedtest.jenkins.executors;

import hudson.model.Label;
import hudson.model.Queue;
import io.jenkins.plugins.distributedtest.originator.RunLoad;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import jenkins.util.Timer;

/**
 * The executors of a run: does what its {@link CrewPlan} wants, and tells that what happens. The plan lives on the run's
 * loop; the queue is spoken to elsewhere, in order; and once a second it is looked which listeners have ended, also
 * when the run is over, until every executor has gone back.
 */
final class Crew {
    private static final Logger LOG = Logger.getLogger(Crew.class.getName());
    /** A listener that was asked to end has this long, its agent not answering. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);
    /** People are told why executors do not come after so long, and not more often. */
    private static final double FIRST_WHY = 15;

    private static final double NEXT_WHY = 60;

    private final RunOwner owner;
    private final CrewPlan plan;
    private final Map<Integer, ListenerTask> tasks = new ConcurrentHashMap<>();
    private volatile ScheduledFuture<?> reaper;
    private volatile boolean ended;
    private double nextWhy;
    private String lastWhy = "";
    /** What speaks to the queue, each after the one before. */
    private final Serial serial;

    Crew(RunOwner owner, List<SeatRequest> requests) {
        this.owner = owner;
        this.plan = new CrewPlan(requests, () -> UUID.randomUUID().toString());
        this.serial = new Serial(owner.blocking());
    }

    RunAccess access() {
        return owner.access();
    }

    private static double now() {
        return System.nanoTime() / 1e9;
    }

    // ---- on the loop

    /** Time has passed, or a file has ended. */
    void tick(RunLoad load, int localSlots) {
        carryOut(plan.tick(now(), load, localSlots));
        tellWhy();
    }

    /** Whether executors that were asked for can still be expected. */
    boolean isComing() {
        return plan.isComing();
    }

    /** How it stands, for people; empty if there is nothing to say. */
    String words() {
        int waiting = plan.waiting();
        int serving = plan.serving();
        return (serving == 0 ? "" : ", " + serving + (serving == 1 ? " executor serves" : " executors serve"))
                + (waiting == 0 ? "" : ", " + waiting + (waiting == 1 ? " waits" : " wait") + " in the queue");
    }

    /** The run is over: all go back. Returns at once. */
    void end() {
        ended = true;
        carryOut(plan.end(now()));
    }

    private void carryOut(List<CrewAct> acts) {
        for (CrewAct act : acts) {
            if (act instanceof CrewAct.Ask ask) {
                ask(ask);
            } else if (act instanceof CrewAct.Withdraw withdraw) {
                withdraw(tasks.get(withdraw.seat()));
            } else if (act instanceof CrewAct.Release release) {
                ListenerTask task = tasks.get(release.seat());
                if (task != null) {
                    serial.execute(task::withdraw);
                }
            } else if (act instanceof CrewAct.Gone gone) {
                owner.run().gone(gone.listener(), gone.why());
            } else if (act instanceof CrewAct.Say say) {
                owner.say(say.line());
            }
        }
    }

    private void ask(CrewAct.Ask ask) {
        ListenerTask task = new ListenerTask(this, owner.build(), owner.user(), ask);
        tasks.put(ask.seat(), task);
        if (reaper == null) {
            reaper = Timer.get().scheduleWithFixedDelay(this::reap, 1, 1, TimeUnit.SECONDS);
        }
        nextWhy = Math.max(nextWhy, now() + FIRST_WHY);
        serial.execute(() -> schedule(task));
    }

    private void schedule(ListenerTask task) {
        if (task.isWithdrawn()) {
            dropped(task);
            return;
        }
        if (Queue.getInstance().schedule2(task, 0).isRefused()) {
            over(task, "Jenkins' queue has refused it");
            return;
        }
        Label label = task.getAssignedLabel();
        if (label != null) {
            label.nodeProvisioner.suggestReviewNow();
        }
    }

    private void withdraw(ListenerTask task) {
        if (task != null) {
            serial.execute(() -> {
                task.withdraw();
                if (Queue.getInstance().cancel(task)) {
                    dropped(task);
                } // else it has just left the queue, and goes back as soon as its executor begins
            });
        }
    }

    private void tellWhy() {
        if (plan.waiting() == 0 || now() < nextWhy) {
            return;
        }
        nextWhy = now() + NEXT_WHY;
        int waiting = plan.waiting();
        serial.execute(() -> {
            String why = tasks.values().stream()
                    .map(ListenerTask::why)
                    .filter(each -> each != null && !each.isBlank())
                    .findFirst()
                    .orElse("");
            onLoop(() -> {
                if (!why.isEmpty() && !why.equals(lastWhy)) {
                    lastWhy = why;
                    owner.say(
                            waiting + (waiting == 1 ? " executor is" : " executors are") + " still waited for: " + why);
                }
            });
        });
    }

    // ---- from other threads

    private void onLoop(Runnable task) {
        try {
            owner.loop().execute(task);
        } catch (RejectedExecutionException e) {
            LOG.log(Level.FINE, "The run is over", e);
        }
    }

    private void told(Supplier<List<CrewAct>> input) {
        onLoop(() -> carryOut(input.get()));
    }

    /** An executor that is not wanted any more has not been used. */
    void dropped(ListenerTask task) {
        tasks.remove(task.seat(), task);
    }

    /** An executor has come. */
    void came(ListenerTask task, String place) {
        told(() -> plan.came(now(), task.seat(), place));
    }

    /** An executor's listener has been started. */
    void serves(ListenerTask task) {
        told(() -> plan.serves(now(), task.seat()));
    }

    /** An executor has ended, or cannot be used. */
    void over(ListenerTask task, String why) {
        tasks.remove(task.seat(), task);
        told(() -> plan.over(now(), task.seat(), owner.run().load(), why));
    }

    /** Somebody has taken an executor away, or its place in the queue. */
    void takenAway(ListenerTask task) {
        told(() -> plan.takenAway(now(), task.seat()));
        // Whether or not the run is over.
        serial.execute(task::withdraw);
    }

    /** Gives executors back whose listeners have ended. */
    private void reap() {
        for (ListenerTask task : tasks.values()) {
            try {
                ServeEnd end = task.ended(PATIENCE);
                if (end != null) {
                    over(task, end.ending() + (end.asked() ? "" : end.indented()));
                }
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, e, () -> "Cannot give back " + task);
            }
        }
        if (ended && tasks.isEmpty() || Jenkins.getInstanceOrNull() == null) {
            reaper.cancel(false);
        }
    }
}
