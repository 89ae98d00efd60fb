package io.jenkins.plugins.distributedtest.jenkins.zuul;

import hudson.model.CauseAction;
import hudson.model.Job;
import hudson.model.Queue;
import hudson.model.labels.LabelAtom;
import hudson.model.queue.QueueTaskFuture;
import hudson.model.queue.ScheduleResult;
import io.jenkins.plugins.distributedtest.zuul.ZuulRequest;
import java.util.List;
import java.util.function.Supplier;
import jenkins.model.Jenkins;

/** Puts Zuul's builds into Jenkins' queue: at once, with all of Zuul's parameters, each for itself. */
final class JenkinsBuilds implements BuildPort {
    private final String server;
    private final String manager;
    private final Supplier<String> changeUrl;

    /**
     * Serves one Gearman server.
     *
     * @param server its name, for people
     * @param manager by which name Zuul knows this Jenkins
     * @param changeUrl template of the addresses of changes; empty or null for none
     */
    JenkinsBuilds(String server, String manager, Supplier<String> changeUrl) {
        this.server = server;
        this.manager = manager;
        this.changeUrl = changeUrl;
    }

    /** The Gearman server's name, for people. */
    String server() {
        return server;
    }

    @Override
    public Queued schedule(ZuulBuild build) throws RefusedException {
        return AsSystem.get(() -> {
            String name = build.target().job().fullName();
            Job<?, ?> job = Jenkins.get().getItemByFullName(name, Job.class);
            if (!(job instanceof Queue.Task task) || !job.isBuildable()) {
                throw new RefusedException("there is no job '" + name + "' any more that can be built");
            }
            ZuulRequest request = build.request();
            ZuulChange change = ZuulChange.of(request.parameters());
            String link = change.link(changeUrl.get());
            ScheduleResult result = Queue.getInstance()
                    .schedule2(
                            task,
                            0,
                            List.of(
                                    new CauseAction(new ZuulCause(request.unique(), change, link)),
                                    ZuulParameters.of(job, request.parameters()),
                                    action(build, change, link)));
            if (result.isRefused()) {
                throw new RefusedException("the queue refused the job '" + name + "'");
            }
            return new QueuedItem(result.getItem());
        });
    }

    private ZuulAction action(ZuulBuild build, ZuulChange change, String link) {
        ZuulRequest request = build.request();
        FunctionTable.Target target = build.target();
        String function = request.label() == null ? request.job() : request.job() + ":" + request.label();
        return new ZuulAction(
                build.token(),
                new RequestOrigin(request.unique(), function, server, manager),
                label(target),
                ZuulChange.offlineNode(request.parameters()),
                link,
                change);
    }

    /** The label that Zuul asked for narrows the job's own; a light build chooses its nodes itself. */
    private static String label(FunctionTable.Target target) {
        String own = target.job().label();
        if (target.label() == null || target.job().light()) {
            return null;
        }
        String atom = LabelAtom.escape(target.label());
        return own.isEmpty() || own.equals(atom) ? atom : "(" + own + ")&&" + atom;
    }

    private record QueuedItem(Queue.Item item) implements Queued {
        @Override
        public boolean cancel() {
            return AsSystem.get(() -> {
                Queue queue = Queue.getInstance();
                Queue.Item now = queue.getItem(item.getId());
                return now != null && !(now instanceof Queue.LeftItem) && queue.cancel(now);
            });
        }

        @Override
        public boolean isLost() {
            QueueTaskFuture<?> future = item.getFuture();
            return future.isDone() || future.isCancelled();
        }
    }
}
