package hudson.model;

public abstract class AbstractBuild<
                P extends hudson.model.AbstractProject<P, R>, R extends hudson.model.AbstractBuild<P, R>>
        extends hudson.model.Run<P, R> {
    protected AbstractBuild(P a0) throws java.io.IOException {
        super(null);
    }

    public hudson.model.Node getBuiltOn() {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: hudson.model.AbstractBuild <init>/1 getBuiltOn s:hudson.model.Run x:hudson.model.Queue$Executable
