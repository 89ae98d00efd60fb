package com.cloudbees.plugins.credentials;

public abstract class CredentialsProvider
        extends hudson.model.Descriptor<com.cloudbees.plugins.credentials.CredentialsProvider>
        implements hudson.ExtensionPoint,
                hudson.model.Describable<com.cloudbees.plugins.credentials.CredentialsProvider> {
    public CredentialsProvider() {}

    public static <C extends com.cloudbees.plugins.credentials.Credentials>
            java.util.List<C> lookupCredentialsInItemGroup(
                    java.lang.Class<C> a0,
                    hudson.model.ItemGroup a1,
                    org.springframework.security.core.Authentication a2) {
        throw new UnsupportedOperationException("stub");
    }

    public static <C extends com.cloudbees.plugins.credentials.Credentials>
            java.util.List<C> lookupCredentialsInItemGroup(
                    java.lang.Class<C> a0,
                    hudson.model.ItemGroup a1,
                    org.springframework.security.core.Authentication a2,
                    java.util.List<com.cloudbees.plugins.credentials.domains.DomainRequirement> a3) {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: com.cloudbees.plugins.credentials.CredentialsProvider lookupCredentialsInItemGroup
