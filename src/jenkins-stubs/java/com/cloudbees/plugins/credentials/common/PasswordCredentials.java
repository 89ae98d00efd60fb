package com.cloudbees.plugins.credentials.common;

public interface PasswordCredentials extends com.cloudbees.plugins.credentials.Credentials {
    hudson.util.Secret getPassword();
}

// stub: com.cloudbees.plugins.credentials.common.PasswordCredentials getPassword
