package io.jenkins.plugins.distributedtest.gearman;

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
 */
public record GearmanServer(String host, int port, SSLContext tls, boolean checkHostName) {
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

    /** A server without TLS. */
    public static GearmanServer plain(String host, int port) {
        return new GearmanServer(host, port, null, false);
    }

    /** For people: {@code host:port}. */
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
