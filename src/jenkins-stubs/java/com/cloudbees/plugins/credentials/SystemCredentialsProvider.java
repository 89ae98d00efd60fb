package com.cloudbees.plugins.credentials;

public class SystemCredentialsProvider
        extends hudson.model.AbstractDescribableImpl<com.cloudbees.plugins.credentials.SystemCredentialsProvider>
        implements hudson.model.Saveable {
    public SystemCredentialsProvider() {}

    public void save() throws java.io.IOException {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: com.cloudbees.plugins.credentials.SystemCredentialsProvider s:hudson.model.Saveable save
