package io.jenkins.plugins.distributedtest.tls;

import java.io.IOException;
import java.net.Socket;
import java.util.ServiceLoader;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Speaks TLS 1.0 to 1.2 over one connection, whatever the platform's own TLS is allowed to do: Java refuses TLS 1.0 for the
 * whole process. Implemented where the library for it is, which is in the program only; found by {@link ServiceLoader}.
 */
public interface LegacyTls {
    /**
     * What the connection is made with.
     *
     * @param trust decides about the server's certificate
     * @param own the client's; null for none
     */
    record Context(X509TrustManager trust, @Nullable KeyAndCertificate own) {}

    /**
     * Makes TLS out of a connection.
     *
     * @param plain connected
     * @param context what it is made with
     * @param handshakeMillis how long the handshake may take
     * @return closes the connection when it is closed
     * @throws IOException if the server does not speak it so, or is not trusted
     */
    Socket over(Socket plain, Context context, int handshakeMillis) throws IOException;

    /**
     * Finds the implementation.
     *
     * @throws IOException if there is none
     */
    static LegacyTls find() throws IOException {
        return ServiceLoader.load(LegacyTls.class, LegacyTls.class.getClassLoader())
                .findFirst()
                .orElseThrow(() -> new IOException("legacy TLS is in the program only"));
    }
}
