package io.jenkins.plugins.distributedtest.config;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.tls.Tls;
import java.nio.file.Path;
import java.util.List;

/** Makes a broker's address from the keys below {@code connection}. */
final class BrokerSettings {
    private static final int PORT = 5672;
    private static final int TLS_PORT = 5671;

    private BrokerSettings() {}

    static BrokerAddress address(Configuration configuration) throws ConfigException {
        Tls tls = isTls(configuration) ? tls(configuration) : null;
        Integer port = configuration.number("connection.port");
        return new BrokerAddress(
                configuration.text("connection.host"),
                port != null ? port : tls != null ? TLS_PORT : PORT,
                configuration.text("connection.vhost"),
                configuration.text("connection.username"),
                configuration.text("connection.password"),
                tls);
    }

    /** Naming a certificate asks for TLS, unless it is switched off in so many words. */
    private static boolean isTls(Configuration configuration) {
        if (configuration.isSet("connection.tls")) {
            return configuration.flag("connection.tls");
        }
        return configuration.isSet("connection.tls_ca_certificates")
                || configuration.isSet("connection.tls_cert")
                || configuration.isSet("connection.tls_fingerprint");
    }

    private static Tls tls(Configuration configuration) throws ConfigException {
        List<String> trusted = configuration.texts("connection.tls_ca_certificates");
        Path trust = trusted.isEmpty() ? null : configuration.resolve(trusted.get(0));
        try {
            return new Tls(
                    trust,
                    configuration.path("connection.tls_cert"),
                    configuration.path("connection.tls_key"),
                    configuration.text("connection.tls_fingerprint"));
        } catch (IllegalArgumentException e) {
            throw new ConfigException("connection: " + e.getMessage());
        }
    }
}
