package io.jenkins.plugins.distributedtest.jenkins.executors;

import hudson.Extension;
import hudson.model.Queue;
import hudson.model.User;
import hudson.model.queue.QueueListener;
import java.util.List;
import jenkins.model.Jenkins;
import jenkins.security.QueueItemAuthenticator;
import jenkins.security.QueueItemAuthenticatorProvider;
import org.springframework.security.core.Authentication;

/** What Jenkins' queue has to know of {@link ListenerTask}s, and what they hear of it. */
public final class CrewQueue {
    private CrewQueue() {}

    /** An executor is asked for as whoever the build runs as: where that one may not build, it gets none. */
    @Extension(ordinal = 959)
    public static final class AsTheBuild extends QueueItemAuthenticatorProvider {
        @Override
        public List<QueueItemAuthenticator> getAuthenticators() {
            return List.of(new ByUser());
        }
    }

    private static final class ByUser extends QueueItemAuthenticator {
        @Override
        public Authentication authenticate2(Queue.Task task) {
            String name = task instanceof ListenerTask ours ? ours.user() : null;
            if (name == null) {
                return null;
            }
            User user = name.equals(Jenkins.ANONYMOUS2.getName()) ? null : User.getById(name, false);
            return user == null ? Jenkins.ANONYMOUS2 : user.impersonate2();
        }
    }

    /** Hears of items that somebody has cancelled. */
    @Extension
    public static final class Cancelled extends QueueListener {
        @Override
        public void onLeft(Queue.LeftItem item) {
            if (item.isCancelled() && item.task instanceof ListenerTask task && !task.isWithdrawn()) {
                task.crew().takenAway(task);
            }
        }
    }
}
