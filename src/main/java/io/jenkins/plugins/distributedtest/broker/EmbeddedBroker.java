package io.jenkins.plugins.distributedtest.broker;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import io.jenkins.plugins.distributedtest.tls.KeyAndCertificate;
import io.jenkins.plugins.distributedtest.tls.Tls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.qpid.server.SystemLauncher;
import org.apache.qpid.server.SystemLauncherListener;
import org.apache.qpid.server.logging.NullMessageLogger;
import org.apache.qpid.server.model.Broker;
import org.apache.qpid.server.model.Port;
import org.apache.qpid.server.model.State;
import org.apache.qpid.server.model.SystemConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An AMQP broker inside this process: Qpid Broker-J with everything in memory, one virtual host, one user. It listens
 * at the loopback address unless told otherwise, and has a generated password unless given one, and speaks TLS
 * when given a certificate. When it stops, its
 * queues and messages are gone; originators and listeners recover from their own state.
 */
public final class EmbeddedBroker implements AutoCloseable {
    /** How long {@link #close} takes at most. */
    public static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);
    private static final String CONFIGURATION = "embedded-broker.json";
    private static final String TLS_CONFIGURATION = "embedded-broker-tls.json";
    private static final String DATA = "data:;base64,";

    private final SystemLauncher launcher;
    private final BrokerAddress address;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * How to start it.
     *
     * @param host address to listen at; {@code 127.0.0.1} unless other hosts shall reach it
     * @param port port; 0 for any free one
     * @param username name to log in with
     * @param password password; null to have one generated
     * @param certificate what to show to clients with TLS; null for plain connections
     */
    public record Options(String host, int port, String username, String password, KeyAndCertificate certificate) {
        /** Loopback, any free port, generated password, no TLS. */
        public static final Options DEFAULT = new Options("127.0.0.1", 0, "distributed-test", null);

        /** Without TLS. */
        public Options(String host, int port, String username, String password) {
            this(host, port, username, password, null);
        }

        /** Checks that host and user are there. */
        public Options {
            Objects.requireNonNull(host, "host");
            Objects.requireNonNull(username, "username");
        }

        /** Leaves the password out. */
        @Override
        public String toString() {
            return username + "@" + host + ":" + port;
        }
    }

    private EmbeddedBroker(SystemLauncher launcher, BrokerAddress address) {
        this.launcher = launcher;
        this.address = address;
    }

    /**
     * Starts a broker; it takes connections when this returns.
     *
     * @throws IOException if it cannot listen there; names address and port, and the way out
     */
    public static EmbeddedBroker start(Options options) throws IOException {
        checkFree(options);
        String password = options.password() == null ? generatedPassword() : options.password();
        Startup startup = new Startup();
        SystemLauncher launcher = new SystemLauncher(startup);
        try {
            Map<String, String> context = context(options, password);
            launcher.startup(Map.of(
                    "type",
                    "Memory",
                    "initialConfigurationLocation",
                    configuration(options),
                    "startupLoggedToSystemOut",
                    false,
                    "context",
                    context));
            int port = boundPort(startup.broker(), options);
            Tls tls = options.certificate() == null
                    ? null
                    : new Tls(null, null, null, options.certificate().fingerprint());
            return new EmbeddedBroker(
                    launcher, new BrokerAddress(options.host(), port, "/", options.username(), password, tls));
        } catch (Exception e) {
            stop(launcher);
            throw e instanceof IOException io ? io : new IOException("The broker does not start: " + e.getMessage(), e);
        }
    }

    /** Keeps Qpid from seeing a variable where there is a dollar sign; it looks twice. */
    private static String literal(String value) {
        return value.replace("$", "$$$$");
    }

    private static Map<String, String> context(Options options, String password)
            throws IOException, GeneralSecurityException {
        Map<String, String> context = new HashMap<>(Map.of(
                "distributedtest.host", literal(options.host()),
                "distributedtest.port", String.valueOf(options.port()),
                "distributedtest.username", literal(options.username()),
                "distributedtest.password", literal(password)));
        if (options.certificate() != null) {
            String storePassword = generatedPassword();
            ByteArrayOutputStream store = new ByteArrayOutputStream();
            options.certificate().keyStore(storePassword.toCharArray()).store(store, storePassword.toCharArray());
            context.put("distributedtest.keystore", DATA + Base64.getEncoder().encodeToString(store.toByteArray()));
            context.put("distributedtest.keystorepassword", storePassword);
        }
        return context;
    }

    private static String configuration(Options options) {
        String name = options.certificate() == null ? CONFIGURATION : TLS_CONFIGURATION;
        return Objects.requireNonNull(EmbeddedBroker.class.getResource(name), name)
                .toString();
    }

    /** Finds out before Qpid does, whose message about it is buried in its log. */
    private static void checkFree(Options options) throws IOException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByName(options.host()), options.port()));
        } catch (BindException e) {
            throw cannotListen(options, e.getMessage(), e);
        }
    }

    private static IOException cannotListen(Options options, String why, Exception cause) {
        return new IOException(
                "The broker cannot listen at " + BrokerAddress.bracketed(options.host()) + ":" + options.port() + ": "
                        + why
                        + ". Stop what listens there, or choose another address or port (port 0 takes any free one)",
                cause);
    }

    private static int boundPort(Broker<?> broker, Options options) throws IOException {
        Port<?> port = broker.getPorts().iterator().next();
        if (port.getState() != State.ACTIVE) {
            throw cannotListen(options, "the port is in state " + port.getState(), null);
        }
        return port.getBoundPort();
    }

    /** 192 random bits, in characters that need no quoting anywhere. */
    static String generatedPassword() {
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    /** Where it is, and how to log in. */
    public BrokerAddress address() {
        return address;
    }

    /** Stops it, within {@link #CLOSE_TIMEOUT}; its messages are gone. Harmless when repeated. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            stop(launcher);
        }
    }

    private static void stop(SystemLauncher launcher) {
        CountDownLatch done = new CountDownLatch(1);
        DaemonThreads.start("embedded-broker-shutdown", () -> {
            launcher.shutdown();
            done.countDown();
        });
        try {
            if (!done.await(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("The embedded broker has not stopped within {} s", CLOSE_TIMEOUT.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Keeps what Qpid tells while it starts. */
    private static final class Startup extends SystemLauncherListener.DefaultSystemLauncherListener {
        private SystemConfig<?> system;
        private RuntimeException error;

        @Override
        public void onContainerResolve(SystemConfig<?> systemConfig) {
            system = systemConfig;
            // Qpid's operational log tells of each user, queue and connection, passwords included.
            systemConfig.getEventLogger().setMessageLogger(new NullMessageLogger());
        }

        @Override
        public void errorOnStartup(RuntimeException e) {
            error = e;
        }

        Broker<?> broker() throws IOException {
            if (error != null) {
                throw new IOException("The broker does not start: " + error.getMessage(), error);
            }
            if (system == null || !(system.getContainer() instanceof Broker<?> broker)) {
                throw new IOException("The broker does not start; its log says why");
            }
            return broker;
        }
    }
}
