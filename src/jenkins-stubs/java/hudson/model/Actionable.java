package hudson.model;

public abstract class Actionable extends hudson.model.AbstractModelObject {
    public Actionable() {}

    public java.util.List<hudson.model.Action> getActions() {
        throw new UnsupportedOperationException("stub");
    }

    public <T extends hudson.model.Action> java.util.List<T> getActions(java.lang.Class<T> a0) {
        throw new UnsupportedOperationException("stub");
    }

    public void addAction(hudson.model.Action a0) {
        throw new UnsupportedOperationException("stub");
    }

    public boolean addOrReplaceAction(hudson.model.Action a0) {
        throw new UnsupportedOperationException("stub");
    }

    public hudson.model.Action getAction(int a0) {
        throw new UnsupportedOperationException("stub");
    }

    public <T extends hudson.model.Action> T getAction(java.lang.Class<T> a0) {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: hudson.model.Actionable addAction addOrReplaceAction getAction getAction/1 getActions
// s:hudson.model.AbstractModelObject
