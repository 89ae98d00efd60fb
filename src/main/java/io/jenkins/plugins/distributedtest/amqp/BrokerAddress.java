package io.jenkins.plugins.distributedtest.amqp;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Where a broker is and how to log in. Its text form leaves the password out.
 *
 * @param host host name or address
 * @param port port
 * @param virtualHost virtual host, {@code /} by default
 * @param username user name
 * @param password password; never printed
 * @param tls how to use TLS; null for a plain connection
 */
public record BrokerAddress(String host, int port, String virtualHost, String username, String password, Tls tls) {
    /**
     * TLS settings. The host name is always checked, unless a fingerprint says which certificate to trust.
     *
     * @param caFile PEM file of certificates to trust; null for the platform's
     * @param certificateFile PEM file of the client's certificate; null for none
     * @param keyFile PEM file (PKCS#8) of the client's key; null for none
     * @param fingerprint SHA-256 of the one server certificate to trust, in hex; null for none
     */
    public record Tls(Path caFile, Path certificateFile, Path keyFile, String fingerprint) {
        /** The platform's trust, no client certificate. */
        public static final Tls DEFAULT = new Tls(null, null, null, null);
    }

    /** Checks that all but TLS is there. */
    public BrokerAddress {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(virtualHost, "virtualHost");
        Objects.requireNonNull(username, "username");
        Objects.requireNonNull(password, "password");
    }

    /** As a URI without the password. */
    @Override
    public String toString() {
        String vhost = virtualHost.equals("/") ? "" : "/" + virtualHost.replace("/", "%2F");
        return (tls == null ? "amqp" : "amqps") + "://" + username + "@" + host + ":" + port + vhost;
    }
}
