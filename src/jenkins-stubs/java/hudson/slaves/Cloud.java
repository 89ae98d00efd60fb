package hudson.slaves;

public abstract class Cloud extends hudson.model.Actionable
        implements hudson.ExtensionPoint,
                hudson.model.Describable<hudson.slaves.Cloud>,
                hudson.security.AccessControlled {
    public boolean canProvision(hudson.model.Label a0) {
        throw new UnsupportedOperationException("stub");
    }

    public boolean canProvision(hudson.slaves.Cloud.CloudState a0) {
        throw new UnsupportedOperationException("stub");
    }

    Cloud() {}

    public static final class CloudState {
        public CloudState(hudson.model.Label a0, int a1) {}
    }
}

// stub: hudson.slaves.Cloud canProvision
// stub: hudson.slaves.Cloud$CloudState <init>
