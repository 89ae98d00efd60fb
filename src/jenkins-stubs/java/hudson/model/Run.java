package hudson.model;

public abstract class Run<JobT extends hudson.model.Job<JobT, RunT>, RunT extends hudson.model.Run<JobT, RunT>> extends hudson.model.Actionable implements hudson.ExtensionPoint, java.lang.Comparable<RunT>, hudson.security.AccessControlled, org.kohsuke.stapler.StaplerProxy {
    public void setResult(hudson.model.Result a0) { throw new UnsupportedOperationException("stub"); }
    public boolean isBuilding() { throw new UnsupportedOperationException("stub"); }
    public boolean isInProgress() { throw new UnsupportedOperationException("stub"); }
    public JobT getParent() { throw new UnsupportedOperationException("stub"); }
    public java.lang.String getFullDisplayName() { throw new UnsupportedOperationException("stub"); }
    public java.lang.String getDisplayName() { throw new UnsupportedOperationException("stub"); }
    public int getNumber() { throw new UnsupportedOperationException("stub"); }
    public RunT getPreviousBuild() { throw new UnsupportedOperationException("stub"); }
    public java.lang.String getUrl() { throw new UnsupportedOperationException("stub"); }
    public java.io.File getRootDir() { throw new UnsupportedOperationException("stub"); }
    public void save() throws java.io.IOException { throw new UnsupportedOperationException("stub"); }
    Run() {}
}

// stub: hudson.model.Run checkPermission getDisplayName getFullDisplayName getNumber getParent getPreviousBuild getRootDir getUrl hasPermission isBuilding isInProgress s:hudson.model.Actionable s:hudson.security.AccessControlled save setResult
