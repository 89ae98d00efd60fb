package com.cloudbees.plugins.credentials;

public class CredentialsMatchers {
    public static com.cloudbees.plugins.credentials.CredentialsMatcher always() {
        throw new UnsupportedOperationException("stub");
    }

    public static com.cloudbees.plugins.credentials.CredentialsMatcher instanceOf(java.lang.Class a0) {
        throw new UnsupportedOperationException("stub");
    }

    public static com.cloudbees.plugins.credentials.CredentialsMatcher withId(java.lang.String a0) {
        throw new UnsupportedOperationException("stub");
    }

    public static <C extends com.cloudbees.plugins.credentials.Credentials> C firstOrNull(
            java.lang.Iterable<C> a0, com.cloudbees.plugins.credentials.CredentialsMatcher a1) {
        throw new UnsupportedOperationException("stub");
    }

    CredentialsMatchers() {}
}

// stub: com.cloudbees.plugins.credentials.CredentialsMatchers always firstOrNull instanceOf withId
