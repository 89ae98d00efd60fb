package io.jenkins.plugins.distributedtest.tls;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Builds TLS contexts out of PEM files and fingerprints. */
final class TlsContexts {
    private static final char[] NO_PASSWORD = new char[0];

    private TlsContexts() {}

    /**
     * Builds a context.
     *
     * @throws IOException if a file cannot be read or does not hold what it should; names the file
     */
    static SSLContext of(Tls tls) throws IOException {
        try {
            return context(tls, keyManagers(tls));
        } catch (GeneralSecurityException e) {
            throw new IOException("Cannot set up TLS: " + e.getMessage(), e);
        }
    }

    /** What {@link LegacyTls} is given. */
    static LegacyTls.Context legacy(Tls tls) throws IOException {
        try {
            TrustManager[] own = trustManagers(tls);
            if (own == null) {
                TrustManagerFactory platform =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                platform.init((KeyStore) null);
                own = platform.getTrustManagers();
            }
            KeyAndCertificate keys = tls.certificateFile() == null || tls.keyFile() == null
                    ? null
                    : KeyAndCertificate.read(tls.certificateFile(), tls.keyFile());
            return new LegacyTls.Context((X509TrustManager) own[0], keys);
        } catch (GeneralSecurityException e) {
            throw new IOException("Cannot set up TLS: " + e.getMessage(), e);
        }
    }

    /** Builds a context with the client's keys out of a key store; null for none. */
    static SSLContext of(Tls tls, @Nullable KeyStore keys, char @Nullable [] password) throws IOException {
        if (keys == null) {
            return of(tls);
        }
        try {
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(keys, password);
            return context(tls, factory.getKeyManagers());
        } catch (GeneralSecurityException e) {
            throw new IOException("Cannot set up TLS: " + e.getMessage(), e);
        }
    }

    private static SSLContext context(Tls tls, KeyManager @Nullable [] keys)
            throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trustManagers(tls), null);
        return context;
    }

    private static TrustManager @Nullable [] trustManagers(Tls tls) throws IOException, GeneralSecurityException {
        if (tls.fingerprint() != null) {
            return new TrustManager[] {new OneCertificate(tls.fingerprint())};
        }
        if (tls.caFile() == null) {
            return null;
        }
        KeyStore store = KeyAndCertificate.emptyStore();
        int count = 0;
        for (Certificate certificate : KeyAndCertificate.certificates(tls.caFile())) {
            store.setCertificateEntry("ca" + count++, certificate);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyManager @Nullable [] keyManagers(Tls tls) throws IOException, GeneralSecurityException {
        if (tls.certificateFile() == null || tls.keyFile() == null) {
            return null;
        }
        KeyStore store =
                KeyAndCertificate.read(tls.certificateFile(), tls.keyFile()).keyStore(NO_PASSWORD);
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    /** Trusts the one certificate with the given fingerprint, whoever signed it and whatever host it names. */
    private static final class OneCertificate extends X509ExtendedTrustManager {
        private final String fingerprint;

        OneCertificate(String fingerprint) {
            this.fingerprint = fingerprint.replace(":", "").toLowerCase(Locale.ROOT);
        }

        private void check(X509Certificate[] chain) throws CertificateException {
            String shown = KeyAndCertificate.fingerprint(chain[0]);
            if (!MessageDigest.isEqual(
                    shown.getBytes(StandardCharsets.US_ASCII), fingerprint.getBytes(StandardCharsets.US_ASCII))) {
                throw new CertificateException("its certificate has the fingerprint " + shown + ", not " + fingerprint);
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("No server here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            throw new CertificateException("No server here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("No server here");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
