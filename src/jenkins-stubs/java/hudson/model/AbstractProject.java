package hudson.model;

public abstract class AbstractProject<P extends hudson.model.AbstractProject<P, R>, R extends hudson.model.AbstractBuild<P, R>> extends hudson.model.Job<P, R> {
    AbstractProject() { super((hudson.model.ItemGroup) null, (java.lang.String) null); }
}

// stub: hudson.model.AbstractProject s:hudson.model.Job
