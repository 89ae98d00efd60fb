package com.cloudbees.plugins.credentials.domains;

public class HostnameRequirement extends com.cloudbees.plugins.credentials.domains.DomainRequirement {
    public HostnameRequirement(java.lang.String a0) {}
}

// stub: com.cloudbees.plugins.credentials.domains.HostnameRequirement <init>/1
