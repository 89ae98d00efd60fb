package hudson.model.listeners;

public abstract class SaveableListener implements hudson.ExtensionPoint {
    public SaveableListener() {}

    public void onChange(hudson.model.Saveable a0, hudson.XmlFile a1) {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: hudson.model.listeners.SaveableListener onChange
