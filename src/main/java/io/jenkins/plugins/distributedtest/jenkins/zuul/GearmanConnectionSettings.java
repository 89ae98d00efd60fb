package io.jenkins.plugins.distributedtest.jenkins.zuul;

import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCertificateCredentials;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import com.cloudbees.plugins.credentials.domains.HostnameRequirement;
import hudson.security.ACL;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.distributedtest.gearman.GearmanServer;
import io.jenkins.plugins.distributedtest.tls.Tls;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import jenkins.model.Jenkins;

/**
 * How a Gearman server is reached, as entered in the configuration.
 *
 * @param host host name or address
 * @param port port
 * @param tls whether to use TLS
 * @param checkHostName whether the server's certificate must name the host
 * @param caFile PEM file of the certificates to trust; null for the platform's
 * @param fingerprint SHA-256 of the one certificate to trust; null for none
 * @param credentialsId id of the client's certificate; null for none
 */
record GearmanConnectionSettings(
        String host,
        int port,
        boolean tls,
        boolean checkHostName,
        String caFile,
        String fingerprint,
        String credentialsId) {

    /**
     * Settings that can be used.
     *
     * @param server where to connect
     * @param key the settings and the certificates in them: unchanged while there is no reason to connect again
     */
    record Resolved(GearmanServer server, String key) {}

    /**
     * Looks up the certificate, as the system.
     *
     * @throws IOException if it is not there, or a file cannot be read; names it
     * @throws IllegalArgumentException if host, port or fingerprint are invalid
     */
    Resolved resolve() throws IOException {
        if (!tls) {
            return new Resolved(GearmanServer.plain(host, port), toString());
        }
        Tls trust = new Tls(caFile == null ? null : Path.of(caFile), null, null, fingerprint);
        boolean check = checkHostName && fingerprint == null;
        if (credentialsId == null) {
            return new Resolved(new GearmanServer(host, port, trust.context(), check), toString());
        }
        StandardCertificateCredentials client = find();
        KeyStore keys = client.getKeyStore();
        char[] password = client.getPassword().getPlainText().toCharArray();
        GearmanServer server = new GearmanServer(host, port, trust.context(keys, password), check);
        return new Resolved(server, this + " " + digest(keys));
    }

    private StandardCertificateCredentials find() throws IOException {
        StandardCertificateCredentials found = CredentialsMatchers.firstOrNull(
                CredentialsProvider.lookupCredentialsInItemGroup(
                        StandardCertificateCredentials.class, Jenkins.get(), ACL.SYSTEM2, requirements()),
                CredentialsMatchers.withId(credentialsId));
        if (found == null) {
            throw new IOException("There are no credentials \"" + credentialsId + "\" of the kind \"Certificate\" that"
                    + " the system may use for " + host + "; add them in Manage Jenkins › Credentials, in the global"
                    + " store");
        }
        return found;
    }

    private List<DomainRequirement> requirements() {
        return List.of(new HostnameRequirement(host));
    }

    /** A certificate that was renewed under its old id is a reason to connect again. */
    private static String digest(KeyStore keys) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String alias : Collections.list(keys.aliases())) {
                Certificate certificate = keys.getCertificate(alias);
                if (certificate != null) {
                    digest.update(certificate.getEncoded());
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (GeneralSecurityException e) {
            throw new IOException("Cannot read the client's certificate: " + e.getMessage(), e);
        }
    }

    /** The certificates to choose from; only the current one for somebody who may not configure this. */
    static ListBoxModel choices(String current, boolean allowed) {
        StandardListBoxModel choices = new StandardListBoxModel();
        if (allowed) {
            choices.includeEmptyValue()
                    .includeMatchingAs(
                            ACL.SYSTEM2,
                            Jenkins.get(),
                            StandardCertificateCredentials.class,
                            List.of(),
                            CredentialsMatchers.always());
        }
        return choices.includeCurrentValue(current == null ? "" : current);
    }
}
