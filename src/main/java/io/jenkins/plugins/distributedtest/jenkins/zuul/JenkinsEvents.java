package io.jenkins.plugins.distributedtest.jenkins.zuul;

import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.Extension;
import hudson.XmlFile;
import hudson.model.AbstractItem;
import hudson.model.Computer;
import hudson.model.Executor;
import hudson.model.ExecutorListener;
import hudson.model.Item;
import hudson.model.Node;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.model.Saveable;
import hudson.model.TaskListener;
import hudson.model.listeners.ItemListener;
import hudson.model.listeners.RunListener;
import hudson.model.listeners.SaveableListener;
import hudson.model.queue.QueueListener;
import hudson.slaves.ComputerListener;
import hudson.slaves.OfflineCause;
import java.io.IOException;
import jenkins.model.NodeListener;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jenkins' events of jobs, nodes, queue and builds. They are handled on Jenkins' threads, some with its queue locked,
 * with the permissions of the user who caused them: each is only noted, and the handler returns.
 */
final class JenkinsEvents {
    private static final Logger LOG = LoggerFactory.getLogger(JenkinsEvents.class);

    private JenkinsEvents() {}

    /** Jobs that are created, deleted, moved and changed. */
    @Extension
    public static final class Items extends ItemListener {
        @Override
        public void onLoaded() {
            ZuulService.get().jenkinsLoaded();
        }

        @Override
        public void onCreated(Item item) {
            ZuulService.get().jobsChanged();
        }

        @Override
        public void onDeleted(Item item) {
            ZuulService.get().jobsChanged();
        }

        @Override
        public void onLocationChanged(Item item, String oldFullName, String newFullName) {
            ZuulService.get().jobsChanged();
        }

        @Override
        public void onUpdated(Item item) {
            ZuulService.get().jobsChanged();
        }

        @Override
        public void onBeforeShutdown() {
            ZuulService.get().shutDown();
        }
    }

    /** Whatever is saved: jobs that are disabled or get a label, nodes, the configuration, certificates. */
    @Extension
    public static final class Saves extends SaveableListener {
        @Override
        public void onChange(Saveable saved, XmlFile file) {
            // Builds are saved all the time, which changes nothing here.
            if (saved instanceof AbstractItem
                    || saved instanceof Node
                    || saved instanceof GearmanServers
                    || saved instanceof SystemCredentialsProvider) {
                ZuulService.get().jobsChanged();
            }
        }
    }

    /** Nodes that are created, deleted and changed. */
    @Extension
    public static final class Nodes extends NodeListener {
        @Override
        protected void onCreated(Node node) {
            ZuulService.get().jobsChanged();
        }

        @Override
        protected void onUpdated(Node oldOne, Node newOne) {
            ZuulService.get().jobsChanged();
        }

        @Override
        protected void onDeleted(Node node) {
            ZuulService.get().jobsChanged();
        }
    }

    /** Nodes that connect, disconnect, and get other executors or labels. */
    @Extension
    public static final class Computers extends ComputerListener {
        @Override
        public void onOnline(Computer computer, TaskListener listener) {
            ZuulService.get().jobsChanged();
        }

        @Override
        public void onOffline(Computer computer, OfflineCause cause) {
            ZuulService.get().loadChanged();
        }

        @Override
        public void onTemporarilyOnline(Computer computer) {
            ZuulService.get().loadChanged();
        }

        @Override
        public void onTemporarilyOffline(Computer computer, OfflineCause cause) {
            ZuulService.get().loadChanged();
        }

        @Override
        public void onConfigurationChange() {
            ZuulService.get().jobsChanged();
        }
    }

    /** Executors that become busy and free. */
    @Extension
    public static final class Executors implements ExecutorListener {
        @Override
        public void taskAccepted(Executor executor, Queue.Task task) {
            ZuulService.get().loadChanged();
        }

        @Override
        public void taskCompleted(Executor executor, Queue.Task task, long durationMillis) {
            ZuulService.get().loadChanged();
        }

        @Override
        public void taskCompletedWithProblems(
                Executor executor, Queue.Task task, long durationMillis, Throwable problems) {
            ZuulService.get().loadChanged();
        }
    }

    /** What enters and leaves the queue. */
    @Extension
    public static final class QueueChanges extends QueueListener {
        @Override
        public void onEnterBuildable(Queue.BuildableItem item) {
            ZuulService.get().loadChanged();
        }

        @Override
        public void onLeft(Queue.LeftItem item) {
            ZuulBuild build = ZuulService.get().find(item.getAction(ZuulAction.class));
            if (build != null) {
                build.left(item.isCancelled());
            }
            ZuulService.get().loadChanged();
        }
    }

    /** Builds that start and end. */
    @Extension
    @SuppressWarnings("rawtypes") // as RunListener is
    public static final class Runs extends RunListener<Run> {
        @Override
        public void onStarted(Run run, TaskListener listener) {
            ZuulAction action = action(run);
            if (action == null) {
                return;
            }
            ZuulBuild build = ZuulService.get().find(action);
            if (build != null) {
                build.started(new JenkinsRun(run));
            } else {
                ZuulService.get().orphan(run, action);
            }
        }

        @Override
        public void onCompleted(Run run, TaskListener listener) {
            ZuulAction action = action(run);
            if (action != null && action.isOfflineNode()) {
                OfflineNodes.after(run);
            }
        }

        @Override
        public void onFinalized(Run run) {
            ZuulAction action = action(run);
            if (action == null) {
                return;
            }
            ZuulBuild build = ZuulService.get().find(action);
            if (build != null) {
                build.ended(String.valueOf(run.getResult()));
            } else {
                ZuulService.get().forget(action);
            }
            ZuulService.get().loadChanged();
        }

        private static ZuulAction action(Run<?, ?> run) {
            return run.getAction(ZuulAction.class);
        }
    }

    /** Pipelines that go on after a restart. */
    @Extension
    public static final class Pipelines extends FlowExecutionListener {
        @Override
        public void onResumed(FlowExecution execution) {
            try {
                if (execution.getOwner().getExecutable() instanceof Run<?, ?> run) {
                    ZuulAction action = run.getAction(ZuulAction.class);
                    if (action != null && ZuulService.get().find(action) == null) {
                        ZuulService.get().orphan(run, action);
                    }
                }
            } catch (IOException e) {
                LOG.warn("Cannot tell whether {} belongs to Zuul", execution, e);
            }
        }
    }
}
