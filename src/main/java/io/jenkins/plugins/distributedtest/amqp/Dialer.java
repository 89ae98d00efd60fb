package io.jenkins.plugins.distributedtest.amqp;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** One attempt to connect, and the socket that it opened, so that it can be cut off whatever hangs. */
final class Dialer {
    /** Threads that take deliveries from the library; they only hand them to the loop. */
    private static final int CONSUMER_THREADS = 2;

    private final BrokerAddress address;
    private final String clientName;
    private volatile Socket socket;
    private volatile boolean hungUp;

    Dialer(BrokerAddress address, String clientName) {
        this.address = address;
        this.clientName = clientName;
    }

    /**
     * Connects and logs in.
     *
     * @throws ConnectFailure in words for people
     */
    Connection dial() throws ConnectFailure {
        ExecutorService consumers =
                Executors.newFixedThreadPool(CONSUMER_THREADS, DaemonThreads.numbered(clientName + "-consumer"));
        Connection connection = null;
        try {
            connection = factory(consumers).newConnection(clientName);
            connection.addShutdownListener(cause -> consumers.shutdown());
            return connection;
        } catch (IOException | TimeoutException e) {
            throw ConnectFailure.of(address, e);
        } finally {
            if (connection == null) {
                consumers.shutdownNow();
                hangUp();
            }
        }
    }

    private ConnectionFactory factory(ExecutorService consumers) throws IOException {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(address.host());
        factory.setPort(address.port());
        factory.setVirtualHost(address.virtualHost());
        factory.setUsername(address.username());
        factory.setPassword(address.password());
        factory.setAutomaticRecoveryEnabled(false);
        factory.setTopologyRecoveryEnabled(false);
        factory.setRequestedHeartbeat((int) BrokerConnection.HEARTBEAT.toSeconds());
        factory.setConnectionTimeout((int) BrokerConnection.CONNECT_TIMEOUT.toMillis());
        factory.setHandshakeTimeout((int) BrokerConnection.CONNECT_TIMEOUT.toMillis());
        factory.setChannelRpcTimeout((int) BrokerConnection.RPC_TIMEOUT.toMillis());
        factory.setShutdownTimeout((int) BrokerConnection.CLOSE_TIMEOUT.toMillis());
        factory.setThreadFactory(DaemonThreads.numbered(clientName + "-amqp"));
        factory.setSharedExecutor(consumers);
        if (address.tls() != null) {
            factory.useSslProtocol(address.tls().context());
        }
        factory.setSocketConfigurator(this::configure);
        return factory;
    }

    private void configure(Socket created) throws IOException {
        socket = created;
        if (hungUp) {
            created.close();
            throw new IOException("closed");
        }
        // Without it each small message waits for the acknowledgement of the one before: some 40 ms a file.
        created.setTcpNoDelay(true);
        created.setSoTimeout((int) BrokerConnection.CONNECT_TIMEOUT.toMillis());
        if (created instanceof SSLSocket secured && address.tls().fingerprint() == null) {
            SSLParameters parameters = secured.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secured.setSSLParameters(parameters);
        }
    }

    /** Cuts the connection off, at whatever stage it is. */
    void hangUp() {
        hungUp = true;
        Socket open = socket;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // It is as closed as it will get.
            }
        }
    }

    boolean tcpNoDelay() throws IOException {
        return socket.getTcpNoDelay();
    }
}
