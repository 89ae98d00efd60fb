package com.cloudbees.plugins.credentials.common;

public abstract class AbstractIdCredentialsListBoxModel<
                T extends com.cloudbees.plugins.credentials.common.AbstractIdCredentialsListBoxModel<T, C>,
                C extends com.cloudbees.plugins.credentials.common.IdCredentials>
        extends hudson.util.ListBoxModel {
    public AbstractIdCredentialsListBoxModel() {}

    protected abstract java.lang.String describe(C a0);

    public com.cloudbees.plugins.credentials.common.AbstractIdCredentialsListBoxModel<T, C> includeEmptyValue() {
        throw new UnsupportedOperationException("stub");
    }

    public com.cloudbees.plugins.credentials.common.AbstractIdCredentialsListBoxModel<T, C> includeMatchingAs(
            org.springframework.security.core.Authentication a0,
            hudson.model.Item a1,
            java.lang.Class<? extends C> a2,
            java.util.List<com.cloudbees.plugins.credentials.domains.DomainRequirement> a3,
            com.cloudbees.plugins.credentials.CredentialsMatcher a4) {
        throw new UnsupportedOperationException("stub");
    }

    public com.cloudbees.plugins.credentials.common.AbstractIdCredentialsListBoxModel<T, C> includeMatchingAs(
            org.springframework.security.core.Authentication a0,
            hudson.model.ItemGroup a1,
            java.lang.Class<? extends C> a2,
            java.util.List<com.cloudbees.plugins.credentials.domains.DomainRequirement> a3,
            com.cloudbees.plugins.credentials.CredentialsMatcher a4) {
        throw new UnsupportedOperationException("stub");
    }

    public com.cloudbees.plugins.credentials.common.AbstractIdCredentialsListBoxModel<T, C> includeCurrentValue(
            java.lang.String a0) {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: com.cloudbees.plugins.credentials.common.AbstractIdCredentialsListBoxModel describe includeCurrentValue
// includeEmptyValue includeMatchingAs:core includeMatchingAs:springframework
