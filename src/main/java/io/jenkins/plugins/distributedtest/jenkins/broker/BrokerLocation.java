package io.jenkins.plugins.distributedtest.jenkins.broker;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.tls.Tls;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Where a broker is, as it was typed: either a URI, or host, port and virtual host. A login is not part of it, since
 * that is kept in credentials.
 *
 * @param uri {@code amqp://host:port/vhost} or {@code amqps://…}; null or empty if the host is given instead
 * @param host host name or address; null or empty if the URI is given
 * @param port port; 0 for the usual one
 * @param virtualHost virtual host; null or empty for {@code /}
 * @param tls whether to use TLS; goes with a host only
 * @param caFile PEM file on the controller of the certificates to trust; null or empty for the platform's
 * @param fingerprint SHA-256 of the one certificate to trust, in hex; null or empty for none
 */
record BrokerLocation(
        String uri, String host, int port, String virtualHost, boolean tls, String caFile, String fingerprint) {
    private static final int PORT = 5672;
    private static final int TLS_PORT = 5671;

    /**
     * With a login.
     *
     * @param username user name
     * @param password password; no message ever holds it
     * @throws BrokerException if what was typed is not the address of a broker; names the input at fault
     */
    BrokerAddress address(String username, String password) throws BrokerException {
        return bare().withLogin(username, password);
    }

    /**
     * Checks it without a login.
     *
     * @throws BrokerException if what was typed is not the address of a broker; names the input at fault
     */
    void check() throws BrokerException {
        bare();
    }

    private BrokerAddress bare() throws BrokerException {
        if (isEmpty(uri) == isEmpty(host)) {
            throw new BrokerException(
                    isEmpty(uri)
                            ? "Neither URI nor host: say where the broker is, as in amqp://broker.example.org or its host name"
                            : "Both a URI (" + withoutLogin(uri) + ") and a host (" + host
                                    + "): leave one of them empty");
        }
        return isEmpty(uri) ? fromHost() : fromUri();
    }

    private BrokerAddress fromUri() throws BrokerException {
        checkNoLogin(uri);
        try {
            BrokerAddress address = BrokerAddress.parse(uri);
            if (address.tls() == null && (tls || !certificates().equals(Tls.DEFAULT))) {
                throw new BrokerException(
                        "The URI " + uri + " is without TLS, which is asked for as well: write amqps:// instead");
            }
            boolean plain = address.tls() == null || certificates().equals(Tls.DEFAULT);
            return plain ? address : address.withTls(certificates());
        } catch (IllegalArgumentException e) {
            throw new BrokerException(e.getMessage());
        }
    }

    private BrokerAddress fromHost() throws BrokerException {
        if (host.contains("/")
                || host.contains("@")
                || host.isBlank()
                || host.chars().anyMatch(Character::isWhitespace)) {
            throw new BrokerException("Not a host name or address: " + withoutLogin(host)
                    + (host.contains("://") ? "; a URI goes into its own field" : ""));
        }
        if (port != 0) {
            checkPort(String.valueOf(port));
        }
        boolean secure = tls || !certificates().equals(Tls.DEFAULT);
        int at = port != 0 ? port : secure ? TLS_PORT : PORT;
        String vhost = isEmpty(virtualHost) ? "/" : virtualHost;
        return new BrokerAddress(host, at, vhost, "guest", "guest", secure ? certificates() : null);
    }

    /**
     * Checks a port as it was typed.
     *
     * @param typed null for the usual one
     * @throws BrokerException if it is not one
     */
    static void checkPort(String typed) throws BrokerException {
        boolean number = typed == null || typed.matches("[0-9]{1,5}");
        if (typed != null && (!number || Integer.parseInt(typed) < 1 || Integer.parseInt(typed) > 65535)) {
            throw new BrokerException(
                    "Not a port: " + typed + "; it is between 1 and 65535, or empty for the usual one");
        }
    }

    /**
     * Checks a fingerprint as it was typed.
     *
     * @param typed null for none
     * @throws BrokerException if it is not one
     */
    static void checkFingerprint(String typed) throws BrokerException {
        new BrokerLocation(null, "localhost", 0, null, true, null, typed).check();
    }

    private Tls certificates() throws BrokerException {
        if (isEmpty(caFile) && isEmpty(fingerprint)) {
            return Tls.DEFAULT;
        }
        try {
            return new Tls(
                    isEmpty(caFile) ? null : Path.of(caFile), null, null, isEmpty(fingerprint) ? null : fingerprint);
        } catch (InvalidPathException e) {
            throw new BrokerException("Not the path of a file: " + caFile);
        } catch (IllegalArgumentException e) {
            throw new BrokerException(e.getMessage());
        }
    }

    /**
     * Refuses a URI that holds a name or a password.
     *
     * @throws BrokerException which does not hold them
     */
    static void checkNoLogin(String uri) throws BrokerException {
        if (!withoutLogin(uri).equals(uri)) {
            throw new BrokerException("The URI " + withoutLogin(uri)
                    + " holds a user name or password: keep them in credentials, and choose those beside it");
        }
    }

    /** What can be shown of it: without anything that may be a password. */
    static String withoutLogin(String text) {
        int at = text.lastIndexOf('@');
        int scheme = text.indexOf("://");
        if (at < 0) {
            return text;
        }
        return (scheme >= 0 && scheme < at ? text.substring(0, scheme + 3) : "") + "…" + text.substring(at);
    }

    /** The host that credentials may be restricted to; null if it cannot be told. */
    String hostName() {
        if (!isEmpty(host)) {
            return host;
        }
        try {
            return isEmpty(uri) ? null : new URI(uri.strip()).getHost();
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static boolean isEmpty(String text) {
        return text == null || text.isEmpty();
    }
}
