package hudson.model;

public abstract class AbstractProject<
                P extends hudson.model.AbstractProject<P, R>, R extends hudson.model.AbstractBuild<P, R>>
        extends hudson.model.Job<P, R> {
    public java.lang.String getAssignedLabelString() {
        throw new UnsupportedOperationException("stub");
    }

    AbstractProject() {
        super((hudson.model.ItemGroup) null, (java.lang.String) null);
    }
}

// stub: hudson.model.AbstractProject getAssignedLabelString s:hudson.model.Job
