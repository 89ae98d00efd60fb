package hudson.model;

public abstract class Job<JobT extends hudson.model.Job<JobT, RunT>, RunT extends hudson.model.Run<JobT, RunT>>
        extends hudson.model.AbstractItem implements hudson.ExtensionPoint {
    protected Job(hudson.model.ItemGroup a0, java.lang.String a1) {
        super((hudson.model.ItemGroup) null, (java.lang.String) null);
    }

    public <T extends hudson.model.JobProperty> T getProperty(java.lang.Class<T> a0) {
        throw new UnsupportedOperationException("stub");
    }

    public hudson.model.JobProperty getProperty(java.lang.String a0) {
        throw new UnsupportedOperationException("stub");
    }

    public abstract boolean isBuildable();

    public RunT getBuildByNumber(int a0) {
        throw new UnsupportedOperationException("stub");
    }

    public java.io.File getBuildDir() {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: hudson.model.Job <init>/2 getBuildByNumber getBuildDir getFullName getParent getProperty getRootDir isBuildable
// s:hudson.model.AbstractItem
