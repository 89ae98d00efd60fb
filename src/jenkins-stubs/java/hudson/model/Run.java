package hudson.model;

public abstract class Run<JobT extends hudson.model.Job<JobT, RunT>, RunT extends hudson.model.Run<JobT, RunT>>
        extends hudson.model.Actionable
        implements hudson.ExtensionPoint,
                java.lang.Comparable<RunT>,
                hudson.security.AccessControlled,
                org.kohsuke.stapler.StaplerProxy {
    protected Run(JobT a0) throws java.io.IOException {}

    public int compareTo(RunT a0) {
        throw new UnsupportedOperationException("stub");
    }

    public hudson.model.Result getResult() {
        throw new UnsupportedOperationException("stub");
    }

    public void setResult(hudson.model.Result a0) {
        throw new UnsupportedOperationException("stub");
    }

    public boolean isBuilding() {
        throw new UnsupportedOperationException("stub");
    }

    public boolean isInProgress() {
        throw new UnsupportedOperationException("stub");
    }

    public hudson.model.Executor getExecutor() {
        throw new UnsupportedOperationException("stub");
    }

    public java.util.List<hudson.model.Cause> getCauses() {
        throw new UnsupportedOperationException("stub");
    }

    public JobT getParent() {
        throw new UnsupportedOperationException("stub");
    }

    public java.lang.String getFullDisplayName() {
        throw new UnsupportedOperationException("stub");
    }

    public java.lang.String getDisplayName() {
        throw new UnsupportedOperationException("stub");
    }

    public int getNumber() {
        throw new UnsupportedOperationException("stub");
    }

    public RunT getPreviousBuild() {
        throw new UnsupportedOperationException("stub");
    }

    public java.lang.String getUrl() {
        throw new UnsupportedOperationException("stub");
    }

    public java.lang.String getExternalizableId() {
        throw new UnsupportedOperationException("stub");
    }

    public static hudson.model.Run<?, ?> fromExternalizableId(java.lang.String a0)
            throws java.lang.IllegalArgumentException, org.springframework.security.access.AccessDeniedException {
        throw new UnsupportedOperationException("stub");
    }

    public java.io.File getRootDir() {
        throw new UnsupportedOperationException("stub");
    }

    public hudson.security.ACL getACL() {
        throw new UnsupportedOperationException("stub");
    }

    public void save() throws java.io.IOException {
        throw new UnsupportedOperationException("stub");
    }

    public void setDescription(java.lang.String a0) throws java.io.IOException {
        throw new UnsupportedOperationException("stub");
    }

    public long getEstimatedDuration() {
        throw new UnsupportedOperationException("stub");
    }

    public java.lang.Object getTarget() {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: hudson.model.Run <init>/1 checkPermission compareTo:RunT getACL getCauses getDisplayName getEstimatedDuration
// getExecutor getFullDisplayName getNumber getParent getPreviousBuild getResult getRootDir getTarget getUrl
// hasPermission isBuilding isInProgress s:hudson.model.Actionable s:hudson.security.AccessControlled save
// setDescription setResult
