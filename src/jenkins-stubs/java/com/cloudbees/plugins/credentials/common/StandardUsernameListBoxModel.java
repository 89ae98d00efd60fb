package com.cloudbees.plugins.credentials.common;

public class StandardUsernameListBoxModel
        extends com.cloudbees.plugins.credentials.common.AbstractIdCredentialsListBoxModel<
                com.cloudbees.plugins.credentials.common.StandardUsernameListBoxModel,
                com.cloudbees.plugins.credentials.common.StandardUsernameCredentials> {
    public StandardUsernameListBoxModel() {}

    protected java.lang.String describe(com.cloudbees.plugins.credentials.common.StandardUsernameCredentials a0) {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: com.cloudbees.plugins.credentials.common.StandardUsernameListBoxModel -describe:IdCredentials describe
