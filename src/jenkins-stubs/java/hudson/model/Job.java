package hudson.model;

public abstract class Job<JobT extends hudson.model.Job<JobT, RunT>, RunT extends hudson.model.Run<JobT, RunT>> extends hudson.model.AbstractItem implements hudson.ExtensionPoint {
    Job() { super((hudson.model.ItemGroup) null, (java.lang.String) null); }
}

// stub: hudson.model.Job getFullName getParent getRootDir s:hudson.model.AbstractItem
