package io.jenkins.plugins.distributedtest.amqp;

import io.jenkins.plugins.distributedtest.tls.Tls;
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
    /** Checks that all but TLS is there. */
    public BrokerAddress {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(virtualHost, "virtualHost");
        Objects.requireNonNull(username, "username");
        Objects.requireNonNull(password, "password");
    }

    /**
     * Reads a URI as RabbitMQ defines it: {@code amqp://user:password@host:port/vhost}, everything but the scheme and
     * the host optional, parts percent-encoded. {@code amqps} asks for TLS, with the query parameters
     * {@code cacertfile}, {@code certfile}, {@code keyfile} (PEM files) and {@code fingerprint}.
     *
     * @throws IllegalArgumentException if it is not such a URI; the message does not hold the password
     */
    public static BrokerAddress parse(String uri) {
        return BrokerUri.parse(uri);
    }

    /** The same broker by another name or address of its host. */
    public BrokerAddress withHost(String other) {
        return new BrokerAddress(other, port, virtualHost, username, password, tls);
    }

    /** The same broker, reached at another host and port, as through something that carries connections to it. */
    public BrokerAddress withPlace(String otherHost, int otherPort) {
        return new BrokerAddress(otherHost, otherPort, virtualHost, username, password, tls);
    }

    /** The same broker with another virtual host. */
    public BrokerAddress withVirtualHost(String other) {
        return new BrokerAddress(host, port, other, username, password, tls);
    }

    /** The same broker with another name and password. */
    public BrokerAddress withLogin(String otherName, String otherPassword) {
        return new BrokerAddress(host, port, virtualHost, otherName, otherPassword, tls);
    }

    /** The same broker, spoken to with TLS, or without if it is null. */
    public BrokerAddress withTls(Tls other) {
        return new BrokerAddress(host, port, virtualHost, username, password, other);
    }

    /** As a URI that {@link #parse} reads again, <em>with the password</em>: for files and processes of one's own. */
    public String toSecretUri() {
        return BrokerUri.format(this);
    }

    /** As a URI without the password. */
    @Override
    public String toString() {
        String vhost = virtualHost.equals("/") ? "" : "/" + virtualHost.replace("/", "%2F");
        return (tls == null ? "amqp" : "amqps") + "://" + username + "@" + bracketed(host) + ":" + port + vhost;
    }

    /** A host as it stands before a port: an IPv6 address in brackets, any other as it is. */
    public static String bracketed(String host) {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }
}
