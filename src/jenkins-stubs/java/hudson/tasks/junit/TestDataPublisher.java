package hudson.tasks.junit;

public abstract class TestDataPublisher
        extends hudson.model.AbstractDescribableImpl<hudson.tasks.junit.TestDataPublisher>
        implements hudson.ExtensionPoint {
    public TestDataPublisher() {}
}

// stub: hudson.tasks.junit.TestDataPublisher
