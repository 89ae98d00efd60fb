package hudson.model;

public interface Describable<T extends hudson.model.Describable<T>> {}

// stub: hudson.model.Describable
