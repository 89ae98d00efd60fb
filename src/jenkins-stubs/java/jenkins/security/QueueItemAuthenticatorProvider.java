package jenkins.security;

public abstract class QueueItemAuthenticatorProvider implements hudson.ExtensionPoint {
    public QueueItemAuthenticatorProvider() {}

    public abstract java.util.List<jenkins.security.QueueItemAuthenticator> getAuthenticators();
}

// stub: jenkins.security.QueueItemAuthenticatorProvider <init>/0 getAuthenticators
