package io.jenkins.plugins.distributedtest.jenkins.zuul;

import hudson.model.Action;
import hudson.model.Label;
import hudson.model.Queue;
import hudson.model.labels.LabelAssignmentAction;
import hudson.model.queue.SubTask;
import java.util.List;

/**
 * Marks a build that Zuul asked for, from the queue on, and shows on its page what it is about. It keeps the build from
 * being merged with another one in the queue, and restricts it to nodes with the label that Zuul asked for.
 */
public class ZuulAction implements Queue.QueueAction, LabelAssignmentAction {
    private final String token;
    private final String unique;
    private final String server;
    private final String manager;
    private final String function;
    private final String label;
    private final boolean offlineNode;
    private final String link;
    private final String project;
    private final String pipeline;
    private final String branch;
    private final String change;
    private final String changes;
    private final String ref;
    private final String commit;

    /**
     * Marks a build.
     *
     * @param token names the build in this plugin
     * @param origin where the request came from
     * @param label expression that the node must match; null for whatever the job says
     * @param offlineNode whether the node is taken offline after the build
     * @param link where people can look at the change; null for nowhere
     * @param about what it is about
     */
    ZuulAction(String token, RequestOrigin origin, String label, boolean offlineNode, String link, ZuulChange about) {
        this.token = token;
        unique = origin.unique();
        server = origin.server();
        manager = origin.manager();
        function = origin.function();
        this.label = label;
        this.offlineNode = offlineNode;
        this.link = link;
        // One by one, since XStream neither writes nor reads records.
        project = about.project();
        pipeline = about.pipeline();
        branch = about.branch();
        change = about.change().isEmpty() ? "" : about.name();
        changes = about.changes().contains(" ") ? about.changes() : "";
        ref = about.ref();
        commit = about.commit();
    }

    String token() {
        return token;
    }

    RequestOrigin origin() {
        return new RequestOrigin(unique, function, server, manager);
    }

    boolean isOfflineNode() {
        return offlineNode;
    }

    /** Zuul's UUID of the request. */
    public String getUnique() {
        return unique;
    }

    /** The Gearman server that the request came from. */
    public String getServer() {
        return server;
    }

    /** The project, such as {@code openstack/nova}. */
    public String getProject() {
        return project;
    }

    /** Zuul's pipeline, such as {@code gate}. */
    public String getPipeline() {
        return pipeline;
    }

    /** The branch; empty for a build about no change. */
    public String getBranch() {
        return branch;
    }

    /** The change with its patch set, such as {@code 123456,2}; empty for a build about none. */
    public String getChange() {
        return change;
    }

    /** The changes that are tested together, the ones ahead first; empty unless there are several. */
    public String getChanges() {
        return changes;
    }

    /** The ref to fetch; empty for a build of a timer. */
    public String getRef() {
        return ref;
    }

    /** The commit; empty for a build of a timer. */
    public String getCommit() {
        return commit;
    }

    /** Where people can look at the change; null for nowhere. */
    public String getLink() {
        return link;
    }

    /** Always true: what Zuul asks for is built, whatever is in the queue already. */
    @Override
    public boolean shouldSchedule(List<Action> actions) {
        return true;
    }

    @Override
    public Label getAssignedLabel(SubTask task) {
        return label == null ? null : Label.get(label);
    }

    @Override
    public String getIconFileName() {
        return null;
    }

    @Override
    public String getDisplayName() {
        return "Zuul";
    }

    @Override
    public String getUrlName() {
        return null;
    }
}
