package hudson.model;

public interface TaskListener {
    java.io.PrintStream getLogger();
}

// stub: hudson.model.TaskListener
