package io.jenkins.plugins.distributedtest.jenkins.executors;

import hudson.model.Computer;
import hudson.model.Job;
import hudson.model.Label;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.security.ACL;
import hudson.security.AccessControlled;
import java.io.IOException;
import jenkins.model.queue.AsynchronousExecution;

/**
 * An executor that a run has asked Jenkins' queue for, from there to its end: an item of the queue that bears the build's
 * name, is the build's as far as permissions go, and is not kept over a restart of the controller, since the step asks
 * anew then. Its {@link ListenerExecutable} starts the listener and leaves the executor taken without a thread.
 */
public final class ListenerTask implements Queue.TransientTask, AccessControlled {
    private final Crew crew;
    private final Run<?, ?> build;
    private final int seat;
    private final SeatRequest request;
    private final String listenerId;
    /** As whom the build runs; null for Jenkins itself. */
    private final String user;

    // Guarded by this object.
    private boolean withdrawn;
    private Serving serving;
    private AsynchronousExecution execution;
    private long releasedAt;

    ListenerTask(Crew crew, Run<?, ?> build, String user, CrewAct.Ask ask) {
        this.crew = crew;
        this.build = build;
        this.user = user;
        this.seat = ask.seat();
        this.request = ask.request();
        this.listenerId = ask.listener();
    }

    int seat() {
        return seat;
    }

    SeatRequest request() {
        return request;
    }

    Crew crew() {
        return crew;
    }

    String user() {
        return user;
    }

    Run<?, ?> build() {
        return build;
    }

    // ---- its life

    /**
     * The executor has come: has the listener started. On the executor's thread.
     *
     * @return whether the executor stays taken
     */
    boolean serve(Computer computer, AsynchronousExecution held) {
        synchronized (this) {
            if (withdrawn) {
                crew.dropped(this);
                return false;
            }
        }
        crew.came(this, computer.getDisplayName());
        Serving started;
        try {
            started = Serving.start(
                    computer, crew.access(), listenerId, request.slots(), computer.buildEnvironment(TaskListener.NULL));
        } catch (IOException | RuntimeException e) {
            crew.over(this, e.getMessage() == null ? e.toString() : e.getMessage());
            return false;
        } catch (InterruptedException e) {
            crew.over(this, "its executor was interrupted");
            return false;
        }
        synchronized (this) {
            serving = started;
            execution = held;
            if (withdrawn) {
                started.stop();
            }
        }
        crew.serves(this);
        return true;
    }

    /** It is not wanted any more. Its listener is asked to end if there is one. Does not wait. */
    synchronized void withdraw() {
        if (!withdrawn) {
            withdrawn = true;
            releasedAt = System.nanoTime();
            if (serving != null) {
                serving.stop();
            }
        }
    }

    synchronized boolean isWithdrawn() {
        return withdrawn;
    }

    /**
     * Gives the executor back if its listener has ended, or does not although it was asked to long ago.
     *
     * @param patience in nanoseconds, for one that was asked to
     * @return how it has ended; null if it has not
     */
    ServeEnd ended(long patience) {
        AsynchronousExecution held;
        ServeEnd end;
        synchronized (this) {
            if (serving == null) {
                return null;
            }
            boolean stuck = withdrawn && System.nanoTime() - releasedAt > patience;
            if (!serving.isOver() && !stuck) {
                return null;
            }
            end = serving.isOver() ? serving.end() : new ServeEnd(true, "it does not answer", "");
            held = execution;
            serving = null;
        }
        held.completed(null);
        return end;
    }

    // ---- what the queue asks

    @Override
    public Queue.Executable createExecutable() {
        return new ListenerExecutable(this);
    }

    @Override
    public Label getAssignedLabel() {
        return request.label().isEmpty() ? null : Label.get(request.label());
    }

    @Override
    public Queue.Task getOwnerTask() {
        Job<?, ?> job = build.getParent();
        return job instanceof Queue.Task task ? task : this;
    }

    @Override
    public Queue.Executable getOwnerExecutable() {
        return build instanceof Queue.Executable executable ? executable : null;
    }

    @Override
    public boolean isConcurrentBuild() {
        return true;
    }

    @Override
    public String getDisplayName() {
        return "tests of " + build.getFullDisplayName();
    }

    @Override
    public String getFullDisplayName() {
        return getDisplayName();
    }

    @Override
    public String getName() {
        return getDisplayName();
    }

    @Override
    public String getUrl() {
        return build.getUrl();
    }

    @Override
    public long getEstimatedDuration() {
        return -1;
    }

    @Override
    public ACL getACL() {
        return build.getACL();
    }

    /** Whether who looks may read the build. */
    public boolean hasReadPermission() {
        return build.hasPermission(hudson.model.Item.READ);
    }

    @Override
    public String toString() {
        return getDisplayName() + ", executor " + seat + " " + request.words();
    }

    /** Tells people why it waits; null if it does not, or nothing is known. */
    String why() {
        Queue.Item item = Queue.getInstance().getItem(this);
        return item == null ? null : item.getWhy();
    }
}
