package hudson.model;

public abstract class TransientComputerActionFactory implements hudson.ExtensionPoint {
    public TransientComputerActionFactory() {}

    public abstract java.util.Collection<? extends hudson.model.Action> createFor(hudson.model.Computer a0);
}

// stub: hudson.model.TransientComputerActionFactory -a
