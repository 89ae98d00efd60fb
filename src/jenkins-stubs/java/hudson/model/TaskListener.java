package hudson.model;

public interface TaskListener {
    hudson.model.TaskListener NULL = null;

    java.io.PrintStream getLogger();

    default java.io.PrintWriter error(java.lang.String a0) {
        throw new UnsupportedOperationException("stub");
    }

    default java.io.PrintWriter error(java.lang.String a0, java.lang.Object... a1) {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: hudson.model.TaskListener error getLogger
