package jenkins.model;

public abstract class TransientActionFactory<T> implements hudson.ExtensionPoint {
    public TransientActionFactory() {}

    public abstract java.lang.Class<T> type();

    public abstract java.util.Collection<? extends hudson.model.Action> createFor(T a0);
}

// stub: jenkins.model.TransientActionFactory <init> createFor type
