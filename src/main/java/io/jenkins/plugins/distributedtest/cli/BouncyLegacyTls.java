package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.tls.LegacyTls;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Vector;
import javax.net.ssl.SSLHandshakeException;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCertificate;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link LegacyTls} by Bouncy Castle's own implementation of TLS, which asks nothing of the platform's. */
public final class BouncyLegacyTls implements LegacyTls {
    private static final Logger LOG = LoggerFactory.getLogger(BouncyLegacyTls.class);

    /** Made by the service loader. */
    public BouncyLegacyTls() {
        // Holds nothing.
    }

    @Override
    public Socket over(Socket plain, Context context, int handshakeMillis) throws IOException {
        TlsClientProtocol protocol = new TlsClientProtocol(plain.getInputStream(), plain.getOutputStream());
        Client client = new Client(context);
        plain.setSoTimeout(handshakeMillis);
        try {
            protocol.connect(client);
        } catch (IOException e) {
            if (client.distrust != null) {
                throw (IOException) new SSLHandshakeException(client.distrust.getMessage()).initCause(client.distrust);
            }
            throw (IOException) new SSLHandshakeException(String.valueOf(e.getMessage())).initCause(e);
        }
        plain.setSoTimeout(0);
        LOG.info("{} speaks {}, which tls.legacy allows", plain.getRemoteSocketAddress(), client.version());
        return new Layered(plain, protocol);
    }

    /** A socket whose streams are those of TLS. */
    private static final class Layered extends Socket {
        private final Socket plain;
        private final TlsClientProtocol protocol;

        Layered(Socket plain, TlsClientProtocol protocol) {
            this.plain = plain;
            this.protocol = protocol;
        }

        @Override
        public InputStream getInputStream() {
            return new FilterInputStream(protocol.getInputStream()) {
                @Override
                public void close() throws IOException {
                    Layered.this.close();
                }
            };
        }

        @Override
        public OutputStream getOutputStream() {
            return new FilterOutputStream(protocol.getOutputStream()) {
                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    out.write(bytes, offset, length);
                }

                @Override
                public void close() throws IOException {
                    Layered.this.close();
                }
            };
        }

        @Override
        public void shutdownOutput() throws IOException {
            plain.shutdownOutput();
        }

        @Override
        public synchronized void close() throws IOException {
            plain.close(); // without a word of TLS's, for which it might have to wait
        }
    }

    /** The client's part of one handshake. */
    private static final class Client extends DefaultTlsClient {
        private final Context given;
        private GeneralSecurityException distrust;

        Client(Context given) {
            super(new BcTlsCrypto(new SecureRandom()));
            this.given = given;
        }

        String version() {
            return context.getSecurityParametersConnection()
                    .getNegotiatedVersion()
                    .toString();
        }

        @Override
        protected ProtocolVersion[] getSupportedVersions() {
            return ProtocolVersion.TLSv12.downTo(ProtocolVersion.TLSv10);
        }

        @Override
        public TlsAuthentication getAuthentication() {
            return new TlsAuthentication() {
                @Override
                public void notifyServerCertificate(TlsServerCertificate shown) throws IOException {
                    try {
                        given.trust().checkServerTrusted(chain(shown.getCertificate()), "UNKNOWN");
                    } catch (CertificateException e) {
                        distrust = e;
                        throw new TlsFatalAlert(AlertDescription.bad_certificate, e);
                    }
                }

                @Override
                public TlsCredentials getClientCredentials(CertificateRequest request) throws IOException {
                    return given.own() == null ? null : credentials(request);
                }
            };
        }

        private static X509Certificate[] chain(Certificate shown) throws IOException, CertificateException {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            X509Certificate[] chain = new X509Certificate[shown.getLength()];
            for (int i = 0; i < chain.length; i++) {
                byte[] encoded = shown.getCertificateAt(i).getEncoded();
                chain[i] = (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(encoded));
            }
            return chain;
        }

        private TlsCredentials credentials(CertificateRequest request) throws IOException {
            BcTlsCrypto crypto = (BcTlsCrypto) getCrypto();
            try {
                List<TlsCertificate> shown = new ArrayList<>();
                for (java.security.cert.Certificate each : given.own().chain()) {
                    shown.add(new BcTlsCertificate(crypto, each.getEncoded()));
                }
                Certificate chain = new Certificate(shown.toArray(TlsCertificate[]::new));
                return new BcDefaultTlsCredentialedSigner(
                        new TlsCryptoParameters(context),
                        crypto,
                        PrivateKeyFactory.createKey(given.own().key().getEncoded()),
                        chain,
                        algorithm(request));
            } catch (CertificateException e) {
                throw new TlsFatalAlert(AlertDescription.internal_error, e);
            }
        }

        /** Null before TLS 1.2, where there is nothing to choose. */
        private SignatureAndHashAlgorithm algorithm(CertificateRequest request) throws IOException {
            Vector<?> offered = request.getSupportedSignatureAlgorithms();
            if (offered == null) {
                return null;
            }
            short kind =
                    given.own().key().getAlgorithm().equals("RSA") ? SignatureAlgorithm.rsa : SignatureAlgorithm.ecdsa;
            return TlsUtils.chooseSignatureAndHashAlgorithm(context, offered, kind);
        }
    }
}
