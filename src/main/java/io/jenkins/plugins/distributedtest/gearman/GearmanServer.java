package io.jenkins.plugins.distributedtest.gearman;

import io.jenkins.plugins.distributedtest.tls.LegacyTls;
import java.util.Objects;
import javax.net.ssl.SSLContext;

/**
 * Where a Gearman server is.
 *
 * @param host host name or address; looked up anew for every connection
 * @param port port, {@value #DEFAULT_PORT} by default
 * @param tls what to use TLS with, client certificate included; null for a plain connection
 * @param checkHostName with TLS, whether the server's certificate must name the host. The certificates that Zuul's
 *     documentation makes do not, and Zuul's own client does not look.
 * @param legacy with what to speak TLS 1.0 to 1.2 in place of {@code tls}; null for TLS as the platform allows it
 */
public record GearmanServer(String host, int port, SSLContext tls, boolean checkHostName, LegacyTls.Context legacy) {
    /** The port that is assigned to Gearman. */
    public static final int DEFAULT_PORT = 4730;

    /**
     * Checks host and port.
     *
     * @throws IllegalArgumentException if the host is empty or the port out of range; names it
     */
    public GearmanServer {
        Objects.requireNonNull(host, "host");
        if (host.isBlank()) {
            throw new IllegalArgumentException("A Gearman server needs a host name");
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("Not a port of a Gearman server (1 to 65535): " + port);
        }
    }

    /** A server with TLS as the platform allows it, or without if {@code tls} is null. */
    public GearmanServer(String host, int port, SSLContext tls, boolean checkHostName) {
        this(host, port, tls, checkHostName, null);
    }

    /** A server that may speak TLS 1.0, whose name is not checked. */
    public static GearmanServer legacy(String host, int port, LegacyTls.Context legacy) {
        return new GearmanServer(host, port, null, false, legacy);
    }

    /** A server without TLS. */
    public static GearmanServer plain(String host, int port) {
        return new GearmanServer(host, port, null, false);
    }

    /** Host and port, as a label. */
    public String address() {
        return host + ":" + port;
    }

    /** For people: {@code host:port}, and that it may speak legacy TLS. */
    @Override
    public String toString() {
        return legacy == null ? address() : address() + " (legacy TLS)";
    }
}
