package hudson.model;

public class OneOffExecutor extends hudson.model.Executor {
    OneOffExecutor() {
        super((hudson.model.Computer) null, 0);
    }
}

// stub: hudson.model.OneOffExecutor s:hudson.model.Executor
