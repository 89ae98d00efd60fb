package io.jenkins.plugins.distributedtest.tls;

import io.jenkins.plugins.distributedtest.files.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A key and the certificates that go with it, out of PEM files: what one side of a TLS connection shows the other. */
public final class KeyAndCertificate {
    private static final Pattern PKCS8 =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private final PrivateKey key;
    private final List<Certificate> chain;

    private KeyAndCertificate(PrivateKey key, List<Certificate> chain) {
        this.key = key;
        this.chain = chain;
    }

    /**
     * Reads both.
     *
     * @param certificateFile PEM file of the certificate and, after it, those between it and an authority
     * @param keyFile PEM file of its key, PKCS#8, not encrypted
     * @throws IOException if a file cannot be read or does not hold what it should; names the file
     */
    public static KeyAndCertificate read(Path certificateFile, Path keyFile) throws IOException {
        List<Certificate> chain = certificates(certificateFile);
        return new KeyAndCertificate(
                privateKey(keyFile, chain.get(0).getPublicKey().getAlgorithm()), chain);
    }

    /** The certificate itself. */
    public X509Certificate certificate() {
        return (X509Certificate) chain.get(0);
    }

    /** The certificate's key. */
    public PrivateKey key() {
        return key;
    }

    /** The certificate, and after it those between it and an authority. */
    public List<Certificate> chain() {
        return List.copyOf(chain);
    }

    /** The SHA-256 of the certificate in lower-case hex, as {@link Tls#fingerprint} takes it. */
    public String fingerprint() throws IOException {
        try {
            return fingerprint(certificate());
        } catch (CertificateException e) {
            throw new IOException("Cannot tell the certificate's fingerprint: " + e.getMessage(), e);
        }
    }

    /**
     * Both in a PKCS#12 key store.
     *
     * @param password of the key in it
     * @throws GeneralSecurityException if the platform has no such key stores
     */
    public KeyStore keyStore(char[] password) throws IOException, GeneralSecurityException {
        KeyStore store = emptyStore();
        store.setKeyEntry("own", key, password, chain.toArray(new Certificate[0]));
        return store;
    }

    static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    static List<Certificate> certificates(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (found.isEmpty()) {
                throw new IOException(file + " holds no certificate; it should be a PEM file");
            }
            return List.copyOf(found);
        } catch (CertificateException e) {
            throw new IOException(file + " is not a PEM file of certificates: " + e.getMessage(), e);
        }
    }

    private static PrivateKey privateKey(Path file, String algorithm) throws IOException {
        Matcher pem = PKCS8.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        if (!pem.find()) {
            throw new IOException(file + " holds no unencrypted PKCS#8 key (\"BEGIN PRIVATE KEY\");"
                    + " convert it with: openssl pkcs8 -topk8 -nocrypt -in KEY -out FILE");
        }
        try {
            byte[] key = Base64.getMimeDecoder().decode(pem.group(1));
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(key));
        } catch (InvalidKeySpecException | IllegalArgumentException e) {
            // The cause might quote the key.
            throw new IOException(file + " does not hold the " + algorithm + " key of the certificate");
        } catch (GeneralSecurityException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** The SHA-256 of a certificate in lower-case hex. */
    static String fingerprint(X509Certificate certificate) throws CertificateEncodingException {
        return Sha256.of(certificate.getEncoded()).toString();
    }
}
