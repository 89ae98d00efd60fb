package io.jenkins.plugins.distributedtest.jenkins.broker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.files.Json;
import io.jenkins.plugins.distributedtest.tls.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Where an embedded broker takes connections, as it says itself in a line of JSON once it does.
 *
 * @param host the name or address that it believes others reach it by
 * @param port its port
 * @param username who can log in
 * @param fingerprint SHA-256 of its certificate; null if it does not speak TLS
 */
record BrokerEndpoint(String host, int port, String username, String fingerprint) {

    /**
     * Reads that line.
     *
     * @return null if it is another line
     * @throws IOException if it begins as that line does but is not one
     */
    static BrokerEndpoint parse(String line) throws IOException {
        if (!line.startsWith("{\"ready\":true")) {
            return null;
        }
        JsonNode read;
        try {
            read = Json.PLAIN.readTree(line);
        } catch (JsonProcessingException e) {
            throw new IOException(
                    "The broker says where it is in a way that cannot be read: " + e.getOriginalMessage());
        }
        int port = read.path("port").asInt();
        String host = read.path("host").asText();
        String username = read.path("username").asText();
        if (host.isEmpty() || username.isEmpty() || port < 1 || port > 65_535) {
            throw new IOException("The broker does not say where it is: " + line);
        }
        return new BrokerEndpoint(host, port, username, read.path("fingerprint").asText(null));
    }

    /** The address for clients that reach it by the given host. */
    BrokerAddress address(String reachedBy, String password) {
        Tls tls = fingerprint == null ? null : new Tls(null, null, null, fingerprint);
        return new BrokerAddress(reachedBy, port, "/", username, password, tls);
    }

    /**
     * How the controller itself reaches a broker that listens at an address.
     *
     * @param bindAddress where it listens
     */
    static String fromTheSameHost(String bindAddress) {
        try {
            InetAddress address = InetAddress.getByName(bindAddress);
            return address.isAnyLocalAddress() ? EmbeddedBrokerSettings.LOOPBACK : bindAddress;
        } catch (UnknownHostException e) {
            return bindAddress;
        }
    }
}
