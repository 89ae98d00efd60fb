package hudson.model;

public interface ReconfigurableDescribable<T extends hudson.model.ReconfigurableDescribable<T>>
        extends hudson.model.Describable<T> {}

// stub: hudson.model.ReconfigurableDescribable
