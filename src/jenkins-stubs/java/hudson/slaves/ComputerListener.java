package hudson.slaves;

public abstract class ComputerListener implements hudson.ExtensionPoint {
    public ComputerListener() {}

    public void onOnline(hudson.model.Computer a0, hudson.model.TaskListener a1)
            throws java.io.IOException, java.lang.InterruptedException {
        throw new UnsupportedOperationException("stub");
    }

    public void onOffline(hudson.model.Computer a0, hudson.slaves.OfflineCause a1) {
        throw new UnsupportedOperationException("stub");
    }

    public void onTemporarilyOnline(hudson.model.Computer a0) {
        throw new UnsupportedOperationException("stub");
    }

    public void onTemporarilyOffline(hudson.model.Computer a0, hudson.slaves.OfflineCause a1) {
        throw new UnsupportedOperationException("stub");
    }

    public void onConfigurationChange() {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: hudson.slaves.ComputerListener onConfigurationChange onOffline/2 onOnline/2 onTemporarilyOffline
// onTemporarilyOnline
