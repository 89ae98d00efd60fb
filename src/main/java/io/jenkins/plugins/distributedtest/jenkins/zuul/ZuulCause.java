package io.jenkins.plugins.distributedtest.jenkins.zuul;

import hudson.model.Cause;
import hudson.model.TaskListener;
import java.util.Objects;

/** The cause of a build that Zuul asked for. */
public class ZuulCause extends Cause {
    private final String unique;
    private final String pipeline;
    private final String project;
    private final String about;
    private final String link;

    ZuulCause(String unique, ZuulChange change, String link) {
        this.unique = unique;
        this.pipeline = change.pipeline();
        this.project = change.project();
        this.about = change.name();
        this.link = link;
    }

    /** Zuul's UUID of the request. */
    public String getUnique() {
        return unique;
    }

    /** Zuul's pipeline, such as {@code gate}. */
    public String getPipeline() {
        return pipeline;
    }

    /** The project. */
    public String getProject() {
        return project;
    }

    /** The change with its patch set, or the ref; empty for a build of a timer. */
    public String getAbout() {
        return about;
    }

    /** Where people can look at the change; null for nowhere. */
    public String getLink() {
        return link;
    }

    @Override
    public String getShortDescription() {
        return "Started by Zuul" + (pipeline.isEmpty() ? "" : " in its pipeline " + pipeline)
                + (about.isEmpty() ? "" : " for " + about)
                + (project.isEmpty() ? "" : " of " + project);
    }

    @Override
    public void print(TaskListener listener) {
        listener.getLogger().println(getShortDescription() + (link == null ? "" : ": " + link));
        listener.getLogger().println("Zuul's UUID of the request: " + unique);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ZuulCause cause && cause.unique.equals(unique);
    }

    @Override
    public int hashCode() {
        return Objects.hash(unique);
    }
}
