package hudson.model;

public class Queue implements hudson.model.Saveable {
    public void save() {
        throw new UnsupportedOperationException("stub");
    }

    public hudson.model.queue.ScheduleResult schedule2(
            hudson.model.Queue.Task a0, int a1, java.util.List<hudson.model.Action> a2) {
        throw new UnsupportedOperationException("stub");
    }

    public hudson.model.queue.ScheduleResult schedule2(hudson.model.Queue.Task a0, int a1, hudson.model.Action... a2) {
        throw new UnsupportedOperationException("stub");
    }

    public boolean cancel(hudson.model.Queue.Task a0) {
        throw new UnsupportedOperationException("stub");
    }

    public boolean cancel(hudson.model.Queue.Item a0) {
        throw new UnsupportedOperationException("stub");
    }

    public hudson.model.Queue.Item[] getItems() {
        throw new UnsupportedOperationException("stub");
    }

    public hudson.model.Queue.Item getItem(long a0) {
        throw new UnsupportedOperationException("stub");
    }

    public hudson.model.Queue.Item getItem(hudson.model.Queue.Task a0) {
        throw new UnsupportedOperationException("stub");
    }

    public static hudson.model.Queue getInstance() {
        throw new UnsupportedOperationException("stub");
    }

    Queue() {}

    public static final class BuildableItem extends hudson.model.Queue.NotWaitingItem {
        BuildableItem() {
            super((hudson.model.Queue.WaitingItem) null);
        }
    }

    public interface Executable extends java.lang.Runnable {
        hudson.model.queue.SubTask getParent();

        void run() throws jenkins.model.queue.AsynchronousExecution;

        default long getEstimatedDuration() {
            throw new UnsupportedOperationException("stub");
        }

        java.lang.String toString();

        default hudson.model.Queue.Executable getParentExecutable() {
            throw new UnsupportedOperationException("stub");
        }
    }

    public interface FlyweightTask extends hudson.model.Queue.Task {}

    public abstract static class Item extends hudson.model.Actionable implements jenkins.model.queue.QueueItem {
        public final hudson.model.Queue.Task task = null;

        public long getId() {
            throw new UnsupportedOperationException("stub");
        }

        public hudson.model.queue.QueueTaskFuture<hudson.model.Queue.Executable> getFuture() {
            throw new UnsupportedOperationException("stub");
        }

        public final java.lang.String getWhy() {
            throw new UnsupportedOperationException("stub");
        }

        public hudson.model.Label getAssignedLabel() {
            throw new UnsupportedOperationException("stub");
        }

        public final java.util.List<hudson.model.Cause> getCauses() {
            throw new UnsupportedOperationException("stub");
        }

        protected Item(
                hudson.model.Queue.Task a0,
                java.util.List<hudson.model.Action> a1,
                long a2,
                hudson.model.queue.FutureImpl a3) {}
    }

    public static final class LeftItem extends hudson.model.Queue.Item {
        public boolean isCancelled() {
            throw new UnsupportedOperationException("stub");
        }

        LeftItem() {
            super((hudson.model.Queue.Task) null, (java.util.List) null, 0L, (hudson.model.queue.FutureImpl) null);
        }
    }

    public abstract static class NotWaitingItem extends hudson.model.Queue.Item {
        public final long buildableStartMilliseconds = Long.parseLong("0");

        protected NotWaitingItem(hudson.model.Queue.WaitingItem a0) {
            super((hudson.model.Queue.Task) null, (java.util.List) null, 0L, (hudson.model.queue.FutureImpl) null);
        }

        protected NotWaitingItem(hudson.model.Queue.NotWaitingItem a0) {
            super((hudson.model.Queue.Task) null, (java.util.List) null, 0L, (hudson.model.queue.FutureImpl) null);
        }
    }

    public interface QueueAction extends hudson.model.Action {
        boolean shouldSchedule(java.util.List<hudson.model.Action> a0);
    }

    public interface Task extends jenkins.model.FullyNamedModelObject, hudson.model.queue.SubTask {
        java.lang.String getName();

        java.lang.String getUrl();

        default org.springframework.security.core.Authentication getDefaultAuthentication2() {
            throw new UnsupportedOperationException("stub");
        }

        default boolean isConcurrentBuild() {
            throw new UnsupportedOperationException("stub");
        }
    }

    public interface TransientTask extends hudson.model.Queue.Task {}

    public static final class WaitingItem extends hudson.model.Queue.Item {
        WaitingItem() {
            super((hudson.model.Queue.Task) null, (java.util.List) null, 0L, (hudson.model.queue.FutureImpl) null);
        }
    }
}

// stub: hudson.model.Queue cancel getInstance getItem getItems/0 save schedule2
// stub: hudson.model.Queue$BuildableItem s:hudson.model.Queue$NotWaitingItem
// stub: hudson.model.Queue$Executable getParent getParentExecutable
// stub: hudson.model.Queue$FlyweightTask s:hudson.model.Queue$Task
// stub: hudson.model.Queue$Item <init>/4 getAssignedLabel getCauses getFuture/0 getId s:hudson.model.Actionable
// s:jenkins.model.queue.QueueItem task
// stub: hudson.model.Queue$LeftItem isCancelled s:hudson.model.Queue$Item
// stub: hudson.model.Queue$NotWaitingItem <init>/1 buildableStartMilliseconds s:hudson.model.Queue$Item
// stub: hudson.model.Queue$QueueAction -a s:hudson.model.Action
// stub: hudson.model.Queue$Task isConcurrentBuild s:hudson.model.queue.SubTask
// stub: hudson.model.Queue$WaitingItem s:hudson.model.Queue$Item x:java.lang.Comparable
