package io.jenkins.plugins.distributedtest.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How to speak TLS to a server. The host name is checked too where the protocol asks for it, unless a fingerprint says
 * which certificate to trust; then that alone decides.
 *
 * @param caFile PEM file of certificates to trust; null for the platform's
 * @param certificateFile PEM file of the client's certificate; null for none
 * @param keyFile PEM file (PKCS#8) of the client's key; null for none
 * @param fingerprint SHA-256 of the one server certificate to trust, in hex; null for none
 */
public record Tls(
        @Nullable Path caFile,
        @Nullable Path certificateFile,
        @Nullable Path keyFile,
        @Nullable String fingerprint) {
    /** The platform's trust, no client certificate. */
    public static final Tls DEFAULT = new Tls(null, null, null, null);

    /**
     * Checks that they go together.
     *
     * @throws IllegalArgumentException if a certificate comes without key or the other way round, or a fingerprint
     *     is not one
     */
    public Tls {
        if ((certificateFile == null) != (keyFile == null)) {
            throw new IllegalArgumentException("TLS needs both or neither of certificate file and key file, not just "
                    + (keyFile == null ? "the certificate " + certificateFile : "the key " + keyFile));
        }
        if (fingerprint != null && !fingerprint.replace(":", "").matches("[0-9A-Fa-f]{64}")) {
            throw new IllegalArgumentException("Not the SHA-256 fingerprint of a certificate in hex: " + fingerprint
                    + "; get it with: openssl x509 -noout -fingerprint -sha256 -in CERTIFICATE");
        }
    }

    /**
     * Reads the files.
     *
     * @throws IOException if one cannot be read or does not hold what it should; names the file
     */
    public SSLContext context() throws IOException {
        return TlsContexts.of(this);
    }

    /**
     * Reads the files, for {@link LegacyTls}.
     *
     * @throws IOException if one cannot be read or does not hold what it should; names the file
     */
    public LegacyTls.Context legacyContext() throws IOException {
        return TlsContexts.legacy(this);
    }

    /**
     * Reads the files, and takes the client's key and certificate out of a key store instead of files.
     *
     * @param keys holds them; null for none
     * @param password opens the keys; not null if there are some
     * @throws IOException if a file cannot be read or does not hold what it should, or the password is wrong
     */
    public SSLContext context(@Nullable KeyStore keys, char @Nullable [] password) throws IOException {
        return TlsContexts.of(this, keys, password);
    }
}
