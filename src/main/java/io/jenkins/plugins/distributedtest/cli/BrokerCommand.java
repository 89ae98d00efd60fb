package io.jenkins.plugins.distributedtest.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.amqp.BrokerFile;
import io.jenkins.plugins.distributedtest.broker.BrokerServer;
import io.jenkins.plugins.distributedtest.tls.KeyAndCertificate;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code distributed-test broker}: the embedded broker as a process of its own. */
@Command(
        name = "broker",
        description =
                "Runs an AMQP broker in memory, for a team without RabbitMQ and for trying things out. Its user and"
                        + " password are generated at its first start and kept, with the URI that clients need, in the data"
                        + " directory; so are its port and its certificate.")
final class BrokerCommand implements Callable<Integer> {
    /** Holds the password when one is to be set: options can be seen by other users of the host. */
    static final String PASSWORD = "DISTRIBUTED_TEST_BROKER_PASSWORD";

    @Spec
    private CommandSpec spec;

    @Mixin
    private HelpOption help;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Address to listen at (default: ${DEFAULT-VALUE}, this host only; 0.0.0.0 for all).")
    private String host;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port; 0 for the one it had last time or any free one (default: 5672, with TLS 5671).")
    private Integer port;

    @Option(
            names = "--public-host",
            paramLabel = "HOST",
            description = "Name or address by which clients reach it, for the URI that it prints (default: the address"
                    + " it listens at, or this host's name).")
    private String publicHost;

    @Option(
            names = "--tls",
            negatable = true,
            description = "Encrypt connections, with a certificate that it makes and that clients trust by its SHA-256"
                    + " fingerprint (default: unless only this host can reach it).")
    private Boolean tls;

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            description = "Show this certificate (PEM) in place of one of its own. Needs --tls-key.")
    private Path certificateFile;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "The key of that certificate (PEM, PKCS#8).")
    private Path keyFile;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Where it keeps password, port and certificate, readable by its owner only (default:"
                    + " ~/.local/state/distributed-test/broker).")
    private Path dataDirectory;

    @Option(names = "--user", paramLabel = "NAME", description = "User name (default: distributed-test).")
    private String user;

    @Option(
            names = "--password-stdin",
            description = "Take the password from the first line of standard input, and do not keep it. The environment"
                    + " variable " + PASSWORD + " does the same.")
    private boolean passwordFromStdin;

    @Option(
            names = "--uri-file",
            paramLabel = "FILE",
            description = "Also write the URI here, readable by its owner only, once the broker takes connections.")
    private Path uriFile;

    @Option(
            names = "--json",
            description = "Once it takes connections, say so in one line of JSON without the password: host, port,"
                    + " username, and with TLS fingerprint.")
    private boolean json;

    @Option(names = "--until-stdin-closes", description = OwnerPipe.UNTIL_CLOSED)
    private boolean untilStdinCloses;

    @Option(names = "--owned", hidden = true, description = Interrupts.OWNED)
    private boolean owned;

    @Option(
            names = {"-v", "--verbose"},
            description = "Log to standard error.")
    private boolean verbose;

    /** Whether only this host can reach it. */
    private boolean loopback;

    BrokerCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException, CliException {
        check();
        Logging.toConsole(verbose ? Level.FINE : Level.WARNING);
        Interrupts interrupts = Interrupts.handle(() -> {}, Duration.ofSeconds(5), ExitCode.OK, owned);
        BrokerServer.Options options = options();
        if (untilStdinCloses) {
            interrupts.watchStdin();
        }
        Path directory = dataDirectory != null ? dataDirectory : defaultDirectory();
        try (BrokerServer broker = BrokerServer.start(directory, options)) {
            if (uriFile != null) {
                BrokerFile.write(uriFile, broker.address());
            }
            if (json) {
                print(ready(broker.address()));
            } else {
                explain(broker, options.password() == null);
            }
            interrupts.await();
        }
        return ExitCode.OK;
    }

    private void check() throws CliException {
        if (port != null && (port < 0 || port > 65_535)) {
            throw new CliException("--port must be from 0 to 65535, not " + port);
        }
        if ((certificateFile == null) != (keyFile == null)) {
            throw new CliException("--tls-cert and --tls-key go together");
        }
        if (certificateFile != null && Boolean.FALSE.equals(tls)) {
            throw new CliException("--no-tls has no use for --tls-cert");
        }
        try {
            loopback = InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new CliException("--host: not an address of this host: " + host);
        }
    }

    private BrokerServer.Options options() throws CliException, IOException {
        boolean secure = certificateFile != null || (tls != null ? tls : !loopback);
        KeyAndCertificate certificate =
                certificateFile == null ? null : KeyAndCertificate.read(certificateFile, keyFile);
        String password = passwordFromStdin ? OwnerPipe.readLine("--password-stdin") : System.getenv(PASSWORD);
        int chosen = port != null ? port : secure ? 5671 : 5672;
        return new BrokerServer.Options(host, chosen, publicHost, user, password, secure, certificate);
    }

    private static Path defaultDirectory() {
        return Path.of(System.getProperty("user.home"), ".local", "state", "distributed-test", "broker");
    }

    private void explain(BrokerServer broker, boolean kept) {
        BrokerAddress address = broker.address();
        print("Broker ready: " + address);
        if (address.tls() != null) {
            print("Certificate: SHA-256 fingerprint " + address.tls().fingerprint());
        } else if (!loopback) {
            print("Its connections are not encrypted: use it in a network that you trust, or leave out --no-tls.");
        }
        if (kept) {
            print("Use it on this host with: --broker-file "
                    + Shell.quoted(broker.uriFile().toString()));
        }
        print("Use it with: export DISTRIBUTED_TEST_BROKER='" + address.toSecretUri() + "'");
    }

    private static String ready(BrokerAddress address) {
        ObjectNode ready = JsonNodeFactory.instance.objectNode();
        ready.put("ready", true);
        ready.put("host", address.host());
        ready.put("port", address.port());
        ready.put("username", address.username());
        if (address.tls() != null) {
            ready.put("fingerprint", address.tls().fingerprint());
        }
        return ready.toString();
    }

    private void print(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
