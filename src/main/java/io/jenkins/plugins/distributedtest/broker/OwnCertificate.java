package io.jenkins.plugins.distributedtest.broker;

import io.jenkins.plugins.distributedtest.files.OwnerOnly;
import io.jenkins.plugins.distributedtest.tls.KeyAndCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Set;
import org.apache.qpid.server.transport.network.security.ssl.SSLUtil;
import org.bouncycastle.operator.OperatorCreationException;

/**
 * The certificate that the embedded broker makes for itself: signed by nobody else, so clients trust it by its
 * fingerprint. It is kept with its key in the broker's data directory, where only the owner can read the key.
 */
final class OwnCertificate {
    static final String CERTIFICATE_FILE = "broker.pem";
    static final String KEY_FILE = "broker.key";

    private static final Duration VALIDITY = Duration.ofDays(3650);
    /** Clocks differ. */
    private static final Duration BACKDATED = Duration.ofDays(1);

    private OwnCertificate() {}

    /**
     * The one in a directory; made if there is none.
     *
     * @throws IOException if the files cannot be used; names them and the way out
     */
    static KeyAndCertificate in(Path directory) throws IOException {
        Path certificateFile = directory.resolve(CERTIFICATE_FILE);
        Path keyFile = directory.resolve(KEY_FILE);
        if (!Files.exists(certificateFile) || !Files.exists(keyFile)) {
            make(certificateFile, keyFile);
        }
        KeyAndCertificate kept = KeyAndCertificate.read(certificateFile, keyFile);
        if (kept.certificate().getNotAfter().before(new Date())) {
            throw new IOException("The certificate " + certificateFile + " has expired: remove it to have another made,"
                    + " and give clients its fingerprint");
        }
        return kept;
    }

    private static void make(Path certificateFile, Path keyFile) throws IOException {
        try {
            SSLUtil.KeyCertPair made = SSLUtil.generateSelfSignedCertificate(
                    "EC",
                    "SHA256withECDSA",
                    256,
                    Instant.now().minus(BACKDATED).toEpochMilli(),
                    Instant.now().plus(VALIDITY).toEpochMilli(),
                    "CN=distributed-test broker",
                    Set.of("localhost"),
                    Set.of());
            OwnerOnly.write(keyFile, pem("PRIVATE KEY", made.getPrivateKey().getEncoded()));
            OwnerOnly.write(
                    certificateFile, pem("CERTIFICATE", made.getCertificate().getEncoded()));
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("Cannot make a certificate: " + e.getMessage(), e);
        }
    }

    private static String pem(String what, byte[] content) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + what
                + "-----\n";
    }
}
