package hudson.model;

public abstract class Job<JobT extends hudson.model.Job<JobT, RunT>, RunT extends hudson.model.Run<JobT, RunT>> implements hudson.ExtensionPoint {
    Job() {}
}

// stub: hudson.model.Job getFullName getParent getRootDir
