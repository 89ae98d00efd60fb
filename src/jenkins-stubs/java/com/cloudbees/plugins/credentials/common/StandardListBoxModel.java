package com.cloudbees.plugins.credentials.common;

public class StandardListBoxModel
        extends com.cloudbees.plugins.credentials.common.AbstractIdCredentialsListBoxModel<
                com.cloudbees.plugins.credentials.common.StandardListBoxModel,
                com.cloudbees.plugins.credentials.common.StandardCredentials> {
    public StandardListBoxModel() {}

    protected java.lang.String describe(com.cloudbees.plugins.credentials.common.StandardCredentials a0) {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: com.cloudbees.plugins.credentials.common.StandardListBoxModel -describe:IdCredentials describe
