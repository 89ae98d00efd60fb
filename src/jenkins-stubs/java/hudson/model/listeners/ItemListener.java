package hudson.model.listeners;

public class ItemListener implements hudson.ExtensionPoint {
    public ItemListener() {}
    public void onLoaded() { throw new UnsupportedOperationException("stub"); }
    public void onBeforeShutdown() { throw new UnsupportedOperationException("stub"); }
}

// stub: hudson.model.listeners.ItemListener onBeforeShutdown onLoaded
