package jenkins.security;

public abstract class QueueItemAuthenticator
        implements hudson.model.Describable<jenkins.security.QueueItemAuthenticator>, hudson.ExtensionPoint {
    public QueueItemAuthenticator() {}

    public org.springframework.security.core.Authentication authenticate2(hudson.model.Queue.Task a0) {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: jenkins.security.QueueItemAuthenticator <init>/0 authenticate2
