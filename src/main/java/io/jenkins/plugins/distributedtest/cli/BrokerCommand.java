package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.amqp.EmbeddedBroker;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
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
        description = "Runs an AMQP broker in memory, for a team without RabbitMQ and for trying things out. Its URI is"
                + " printed with a password that is generated anew at each start, unless one is given in the"
                + " environment variable DISTRIBUTED_TEST_BROKER_PASSWORD.")
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
            description = "Address to listen at (default: ${DEFAULT-VALUE}, this host only).")
    private String host;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "5672",
            description = "Port; 0 takes any free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--user",
            paramLabel = "NAME",
            defaultValue = "distributed-test",
            description = "User name (default: ${DEFAULT-VALUE}).")
    private String user;

    @Option(
            names = "--uri-file",
            paramLabel = "FILE",
            description = "Also write the URI here, readable by its owner only, once the broker takes connections.")
    private Path uriFile;

    @Option(names = "--owned", hidden = true, description = Interrupts.OWNED)
    private boolean owned;

    @Option(
            names = {"-v", "--verbose"},
            description = "Log to standard error.")
    private boolean verbose;

    BrokerCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException, CliException {
        if (port < 0 || port > 65_535) {
            throw new CliException("--port must be from 0 to 65535, not " + port);
        }
        Logging.toConsole(verbose ? Level.FINE : Level.WARNING);
        Interrupts interrupts = Interrupts.handle(() -> {}, Duration.ofSeconds(5), ExitCode.OK, owned);
        String password = System.getenv(PASSWORD);
        try (EmbeddedBroker broker = EmbeddedBroker.start(new EmbeddedBroker.Options(host, port, user, password))) {
            String uri = broker.address().toSecretUri();
            PrintWriter out = spec.commandLine().getOut();
            out.println("Broker ready: " + uri);
            out.println("Use it with: export DISTRIBUTED_TEST_BROKER='" + uri + "'");
            out.flush();
            if (uriFile != null) {
                writeUri(uri);
            }
            interrupts.await();
        }
        return ExitCode.OK;
    }

    /** Whoever waits for the file finds it whole: it is written beside and then moved. */
    private void writeUri(String uri) throws IOException {
        Path target = uriFile.toAbsolutePath();
        Path whole = Files.createTempFile(target.getParent(), ".uri", null);
        if (Files.getFileStore(whole).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(whole, PosixFilePermissions.fromString("rw-------"));
        }
        Files.writeString(whole, uri + "\n");
        Files.move(whole, target, StandardCopyOption.ATOMIC_MOVE);
    }
}
