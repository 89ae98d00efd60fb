package io.jenkins.plugins.distributedtest.jenkins.executors;

import hudson.model.Executor;
import hudson.model.Queue;
import hudson.security.ACL;
import hudson.security.AccessControlled;
import jenkins.model.queue.AsynchronousExecution;

/** What keeps an executor while a listener of a run uses its node. */
public final class ListenerExecutable implements Queue.Executable, AccessControlled {
    private final ListenerTask task;

    ListenerExecutable(ListenerTask task) {
        this.task = task;
    }

    /** The executor is taken, without a thread of it. */
    private static final class Held extends AsynchronousExecution {
        private static final long serialVersionUID = 1L;

        private final transient ListenerTask task;

        Held(ListenerTask task) {
            this.task = task;
        }

        @Override
        public void interrupt(boolean forShutdown) {
            if (!forShutdown) {
                task.crew().takenAway(task);
            }
        }

        @Override
        public boolean blocksRestart() {
            return false;
        }

        @Override
        public boolean displayCell() {
            return true;
        }
    }

    @Override
    public void run() throws AsynchronousExecution {
        AsynchronousExecution held = new Held(task);
        if (task.serve(Executor.currentExecutor().getOwner(), held)) {
            throw held;
        }
    }

    @Override
    public ListenerTask getParent() {
        return task;
    }

    @Override
    public Queue.Executable getParentExecutable() {
        return task.getOwnerExecutable();
    }

    /** The build and what it is for, for people. */
    public String getDisplayName() {
        return task.getDisplayName();
    }

    /** The build and what it is for, for people. */
    public String getFullDisplayName() {
        return task.getDisplayName();
    }

    /** The build's address, relative to Jenkins'. */
    public String getUrl() {
        return task.getUrl();
    }

    @Override
    public long getEstimatedDuration() {
        return -1;
    }

    @Override
    public ACL getACL() {
        return task.getACL();
    }

    @Override
    public String toString() {
        return task.toString();
    }
}
