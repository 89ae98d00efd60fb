package com.cloudbees.plugins.credentials.common;

public interface StandardCertificateCredentials
        extends com.cloudbees.plugins.credentials.common.StandardCredentials,
                com.cloudbees.plugins.credentials.common.CertificateCredentials {}

// stub: com.cloudbees.plugins.credentials.common.StandardCertificateCredentials
// s:com.cloudbees.plugins.credentials.common.CertificateCredentials
// s:com.cloudbees.plugins.credentials.common.StandardCredentials
