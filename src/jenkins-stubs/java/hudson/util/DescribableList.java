package hudson.util;

public class DescribableList<T extends hudson.model.Describable<T>, D extends hudson.model.Descriptor<T>>
        extends hudson.util.PersistedList<T> {
    protected DescribableList() {}
}

// stub: hudson.util.DescribableList s:hudson.util.PersistedList
