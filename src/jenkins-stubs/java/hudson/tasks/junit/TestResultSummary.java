package hudson.tasks.junit;

public class TestResultSummary implements java.io.Serializable {
    public TestResultSummary() {}
}

// stub: hudson.tasks.junit.TestResultSummary
