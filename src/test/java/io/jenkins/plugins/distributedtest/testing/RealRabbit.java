package io.jenkins.plugins.distributedtest.testing;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.tls.Tls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/**
 * A real RabbitMQ for tests: a node of its own in a temporary directory, at free ports of the loopback address, with
 * its own name, cookie, home and port mapper, so that nothing else on the machine notices. It needs Debian's package
 * {@code rabbitmq-server}, any user may run it, and a test that asks for it where it is missing is skipped.
 *
 * <p>The node and its port mapper are children of a small shell script that ends them as soon as its standard input
 * ends. So they go with this JVM, however that ends.
 */
public final class RealRabbit implements AutoCloseable {
    /** Starts the port mapper and the server; their process group ends with the server or with the input. */
    private static final String WATCHDOG = """
            epmd -address 127.0.0.1 -relaxed_command_check </dev/null >/dev/null 2>&1 &
            ("$1" </dev/null >"$2" 2>&1; kill -9 -- -$$) &
            cat >/dev/null
            kill -9 -- -$$
            """;

    private static final Path SERVER = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");
    private static final String COOKIE = "distributedtest";
    private static RealRabbit shared;

    private final Path directory;
    private final int port = FreePorts.next();
    private final int tlsPort = FreePorts.next();
    private final int mapperPort = FreePorts.next();
    private final int distributionPort = FreePorts.next();
    private final String node = "dt" + port + "@localhost";
    private final AtomicInteger hosts = new AtomicInteger();
    private final TestCertificates certificates;
    private Process watchdog;

    /** Prepares a node and starts it. */
    public RealRabbit() throws IOException {
        assumeInstalled();
        directory = Files.createTempDirectory("rabbit");
        certificates = TestCertificates.create(directory.resolve("tls"));
        Path cookie = Files.createDirectory(directory.resolve("home")).resolve(".erlang.cookie");
        Files.writeString(cookie, COOKIE);
        Files.setPosixFilePermissions(cookie, PosixFilePermissions.fromString("r--------"));
        Files.writeString(directory.resolve("plugins"), "[].");
        Files.writeString(directory.resolve("watchdog.sh"), WATCHDOG);
        Files.writeString(directory.resolve("rabbitmq.conf"), configuration());
        start();
    }

    private String configuration() {
        return String.join(
                "\n",
                "listeners.tcp.1 = 127.0.0.1:" + port,
                "listeners.ssl.1 = 127.0.0.1:" + tlsPort,
                "ssl_options.cacertfile = " + certificates.ca(),
                "ssl_options.certfile = " + certificates.server(),
                "ssl_options.keyfile = " + certificates.serverKey(),
                "ssl_options.verify = verify_peer",
                "ssl_options.fail_if_no_peer_cert = false",
                "log.file.level = info",
                "vm_memory_high_watermark.absolute = 1GB",
                "disk_free_limit.absolute = 1MB",
                "");
    }

    /** Skips the test if RabbitMQ is not installed. */
    public static void assumeInstalled() {
        Assumptions.assumeTrue(
                Files.isExecutable(SERVER), "RabbitMQ is not installed (Debian package rabbitmq-server)");
    }

    /** The one node that all tests of this JVM share; whoever kills it starts it again. */
    public static synchronized RealRabbit shared() {
        try {
            if (shared == null) {
                shared = new RealRabbit();
                Runtime.getRuntime().addShutdownHook(new Thread(shared::close, "rabbit-end"));
            }
            return shared;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it is; virtual host {@code /}, user guest. */
    public BrokerAddress address() {
        return new BrokerAddress("127.0.0.1", port, "/", "guest", "guest", null);
    }

    /** Its TLS port, with the certificates' authority trusted. */
    public BrokerAddress tlsAddress() {
        Tls tls = new Tls(certificates.ca(), null, null, null);
        return new BrokerAddress("127.0.0.1", tlsPort, "/", "guest", "guest", tls);
    }

    /** The certificates that it uses. */
    public TestCertificates certificates() {
        return certificates;
    }

    /** A new, empty virtual host, so that tests do not see each other's queues. */
    public BrokerAddress freshVirtualHost() {
        String name = "test" + hosts.incrementAndGet();
        evaluate("rabbit_vhost:add(<<\"" + name + "\">>, <<\"test\">>), rabbit_auth_backend_internal:set_permissions("
                + "<<\"guest\">>, <<\"" + name + "\">>, <<\".*\">>, <<\".*\">>, <<\".*\">>, <<\"test\">>).");
        return address().withVirtualHost(name);
    }

    /**
     * Evaluates Erlang within the server.
     *
     * @param erlang expressions, with a full stop at the end
     * @return what they gave
     */
    public String evaluate(String erlang) {
        try {
            ProcessBuilder call = new ProcessBuilder("erl_call", "-c", COOKIE, "-n", node, "-e");
            call.environment().put("ERL_EPMD_PORT", String.valueOf(mapperPort));
            call.environment().put("HOME", directory.resolve("home").toString());
            Process process = call.redirectErrorStream(true).start();
            try (var in = process.getOutputStream()) {
                in.write((erlang + "\n").getBytes(StandardCharsets.UTF_8));
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(30, SECONDS) || process.exitValue() != 0 || !output.startsWith("{ok")) {
                throw new IllegalStateException("RabbitMQ does not evaluate " + erlang + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Starts it (again), with what it had on disk, and waits until it takes connections. */
    public void start() {
        ProcessBuilder builder = new ProcessBuilder(
                "setsid",
                "sh",
                directory.resolve("watchdog.sh").toString(),
                SERVER.toString(),
                directory.resolve("out").toString());
        builder.directory(directory.toFile());
        builder.environment().putAll(environment());
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD);
        try {
            watchdog = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Awaitility.await("RabbitMQ takes connections")
                .atMost(120, SECONDS)
                .pollInterval(Duration.ofMillis(50))
                .failFast("RabbitMQ runs", this::checkRunning)
                .until(() -> takesConnections(port) && takesConnections(tlsPort));
    }

    private Map<String, String> environment() {
        return Map.ofEntries(
                Map.entry("HOME", directory.resolve("home").toString()),
                Map.entry("RABBITMQ_NODENAME", node),
                Map.entry("RABBITMQ_MNESIA_BASE", directory.resolve("data").toString()),
                Map.entry("RABBITMQ_LOG_BASE", directory.resolve("log").toString()),
                Map.entry(
                        "RABBITMQ_CONFIG_FILE",
                        directory.resolve("rabbitmq.conf").toString()),
                Map.entry(
                        "RABBITMQ_ADVANCED_CONFIG_FILE",
                        directory.resolve("none").toString()),
                Map.entry("RABBITMQ_CONF_ENV_FILE", directory.resolve("none").toString()),
                Map.entry(
                        "RABBITMQ_ENABLED_PLUGINS_FILE",
                        directory.resolve("plugins").toString()),
                Map.entry("RABBITMQ_PID_FILE", directory.resolve("pid").toString()),
                Map.entry("RABBITMQ_DIST_PORT", String.valueOf(distributionPort)),
                Map.entry("ERL_EPMD_PORT", String.valueOf(mapperPort)),
                Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"),
                Map.entry("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}"));
    }

    private static boolean takesConnections(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private void checkRunning() throws IOException {
        if (!watchdog.isAlive()) {
            Path file = directory.resolve("out");
            throw new IllegalStateException(
                    "RabbitMQ has ended: " + (Files.exists(file) ? Files.readString(file) : "no output"));
        }
    }

    /** Kills it with SIGKILL and waits until it is gone. What was confirmed and durable is on disk. */
    public void kill() {
        List<ProcessHandle> all = new ArrayList<>(watchdog.descendants().toList());
        all.add(watchdog.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
        awaitGone(all);
    }

    /** Makes it hang: its connections stay open, and it says nothing more. Only {@link #kill} ends that. */
    public void suspend() {
        servers().forEach(server -> {
            try {
                new ProcessBuilder("kill", "-STOP", String.valueOf(server.pid()))
                        .start()
                        .waitFor();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        });
    }

    private List<ProcessHandle> servers() {
        return watchdog.descendants()
                .filter(each -> each.info().command().orElse("").endsWith("beam.smp"))
                .toList();
    }

    /** Stops it in good order and waits until it is gone. */
    public void stop() {
        List<ProcessHandle> servers = servers();
        servers.forEach(ProcessHandle::destroy);
        awaitGone(servers);
        kill();
    }

    private void awaitGone(List<ProcessHandle> processes) {
        Awaitility.await("RabbitMQ is gone")
                .atMost(60, SECONDS)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> processes.stream().noneMatch(ProcessHandle::isAlive) && !takesConnections(port));
    }

    /** Whether it runs. */
    public boolean isRunning() {
        return watchdog != null && watchdog.isAlive();
    }

    /** Kills it and removes its directory. */
    @Override
    public void close() {
        kill();
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
