package hudson.model.listeners;

public class ItemListener implements hudson.ExtensionPoint {
    public ItemListener() {}

    public void onCreated(hudson.model.Item a0) {
        throw new UnsupportedOperationException("stub");
    }

    public void onLoaded() {
        throw new UnsupportedOperationException("stub");
    }

    public void onDeleted(hudson.model.Item a0) {
        throw new UnsupportedOperationException("stub");
    }

    public void onLocationChanged(hudson.model.Item a0, java.lang.String a1, java.lang.String a2) {
        throw new UnsupportedOperationException("stub");
    }

    public void onUpdated(hudson.model.Item a0) {
        throw new UnsupportedOperationException("stub");
    }

    public void onBeforeShutdown() {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: hudson.model.listeners.ItemListener onBeforeShutdown onCreated onDeleted onLoaded onLocationChanged onUpdated
