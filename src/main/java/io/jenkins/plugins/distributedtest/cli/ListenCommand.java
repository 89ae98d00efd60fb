package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.config.Configuration;
import io.jenkins.plugins.distributedtest.config.ListenerConfiguration;
import io.jenkins.plugins.distributedtest.listener.Listener;
import io.jenkins.plugins.distributedtest.listener.ListenerSettings;
import io.jenkins.plugins.distributedtest.listener.ListenerStatus;
import io.jenkins.plugins.distributedtest.listener.OneRun;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code distributed-test listen}: a listener. */
@Command(
        name = "listen",
        description = "Offers worker slots to any run on the broker, until Ctrl-C or SIGTERM: then it hands its files"
                + " back and ends. A second Ctrl-C leaves at once.")
final class ListenCommand implements Callable<Integer> {
    /** Runners and callbacks are to end by themselves where they can. */
    private static final Duration SHUTDOWN_LIMIT = Listener.CLOSE_LIMIT.plusSeconds(5);

    private static final Duration LOOK_INTERVAL = Duration.ofMillis(200);

    @Spec
    private CommandSpec spec;

    @Mixin
    private HelpOption help;

    @Mixin
    private ProjectOptions project;

    @Option(names = "--slots", paramLabel = "N", description = "How many files at a time (default: one per processor).")
    private String slots;

    @Option(
            names = "--work-dir",
            paramLabel = "DIR",
            description = "Where workspaces and received sources are kept (default: ~/.cache/distributed-test).")
    private Path workDirectory;

    @Option(names = "--keep-workspaces", description = "Keep workspaces after their run.")
    private boolean keepWorkspaces;

    @Option(
            names = "--metrics-port",
            paramLabel = "PORT",
            description = "Serve metrics for Prometheus at http://127.0.0.1:PORT/metrics.")
    private String metricsPort;

    @Option(names = "--only-run", hidden = true, description = "Take part in this run only; with --listener-id.")
    private String onlyRun;

    @Option(names = "--listener-id", hidden = true, description = "The id of the listener; with --only-run.")
    private String listenerId;

    @Option(
            names = "--key-stdin",
            hidden = true,
            description =
                    "Take the key of the run's secret variables from standard input, after the broker; with --only-run.")
    private boolean keyFromStdin;

    @Option(
            names = "--tree",
            hidden = true,
            description = "Take this directory for the run's sources; with --only-run.")
    private Path tree;

    @Option(names = "--owner-socket", hidden = true, description = OwnerLine.OPTION)
    private Path ownerSocket;

    @Option(names = "--owned", hidden = true, description = Interrupts.OWNED)
    private boolean owned;

    @Option(names = "--until-stdin-closes", description = OwnerPipe.UNTIL_CLOSED)
    private boolean untilStdinCloses;

    @Option(names = "--log-file", paramLabel = "FILE", description = "Log there in place of standard error.")
    private Path logFile;

    ListenCommand() {}

    @Override
    public Integer call() throws Exception {
        if ((onlyRun == null) != (listenerId == null)) {
            throw new CliException("--only-run and --listener-id go together");
        }
        if (onlyRun == null && (tree != null || ownerSocket != null || keyFromStdin)) {
            throw new CliException(
                    "--tree, --owner-socket and --key-stdin are for the listener of one run, with --only-run");
        }
        if (ownerSocket == null) {
            return call(null);
        }
        try (OwnerLine line = OwnerLine.open(ownerSocket, listenerId)) {
            return call(line);
        }
    }

    private Integer call(OwnerLine line) throws Exception {
        ListenerConfiguration configuration = configure(line);
        OneRun only = only(line);
        if (configuration.logFile() == null) {
            Logging.toConsole(project.level(Level.INFO));
        } else {
            Logging.toFile(configuration.logFile(), project.level(Level.INFO));
        }
        Interrupts interrupts = Interrupts.handle(() -> {}, SHUTDOWN_LIMIT, ExitCode.CANCELLED, owned);
        if (untilStdinCloses) {
            interrupts.watchStdin();
        }
        if (line != null) {
            interrupts.watch(line);
        }
        if (configuration.metricsPort() == null) {
            listen(configuration, new SimpleMeterRegistry(), interrupts, only);
        } else {
            try (MetricsServer metrics = MetricsServer.start(configuration.metricsPort())) {
                listen(configuration, metrics.registry(), interrupts, only);
            }
        }
        return ExitCode.OK;
    }

    private ListenerConfiguration configure(OwnerLine line) throws Exception {
        Configuration configuration = project.load(Configuration.Role.LISTENER);
        if (line != null) {
            configuration.override("connection", line.brokerUri(), "--owner-socket");
        }
        if (slots != null) {
            configuration.override("worker_slots", slots, "--slots");
        }
        if (workDirectory != null) {
            configuration.override(
                    "work_directory", workDirectory.toAbsolutePath().toString(), "--work-dir");
        }
        if (keepWorkspaces) {
            configuration.override("keep_workspaces", "true", "--keep-workspaces");
        }
        if (metricsPort != null) {
            configuration.override("metrics_port", metricsPort, "--metrics-port");
        }
        if (logFile != null) {
            configuration.override("log_file", logFile.toAbsolutePath().toString(), "--log-file");
        }
        PrintWriter err = spec.commandLine().getErr();
        configuration.warnings().forEach(warning -> err.println("Warning: " + warning));
        err.flush();
        return ListenerConfiguration.from(configuration);
    }

    /** The run that this listener is for; null for any. After the broker was read, where both come from standard input. */
    private OneRun only(OwnerLine line) throws CliException {
        if (onlyRun == null) {
            return null;
        }
        String stdin = keyFromStdin ? OwnerPipe.readLine("--key-stdin") : null;
        String key = line == null ? stdin : line.key();
        try {
            return OneRun.of(onlyRun, listenerId, key, tree == null ? null : tree.toAbsolutePath());
        } catch (IllegalArgumentException e) {
            throw new CliException("--only-run: " + e.getMessage());
        }
    }

    private void listen(ListenerConfiguration configuration, MeterRegistry meters, Interrupts interrupts, OneRun only)
            throws Exception {
        print("The processes of a run are kept together by "
                + KeepTogether.use(
                        configuration.processContainers(),
                        configuration.settings().workDirectory()) + ".");
        try (Listener listener = new Listener(configuration.settings(), configuration.broker(), meters, only)) {
            listener.start();
            tellUntilInterrupted(listener, configuration.settings(), interrupts);
            print("Shutting down; files that run are given back.");
        }
        print("Listener stopped.");
    }

    /** Says when the listener is connected, and when it no longer is. */
    private void tellUntilInterrupted(Listener listener, ListenerSettings settings, Interrupts interrupts)
            throws InterruptedException {
        boolean connected = false;
        while (!interrupts.await(LOOK_INTERVAL)) {
            ListenerStatus status = listener.status();
            boolean now = status.connectedSince() != null;
            if (now && !connected) {
                String slots = status.slots() == 1 ? "1 slot" : status.slots() + " slots";
                print("Listener " + status.id() + " connected: " + slots + ", broker " + status.broker() + ", "
                        + (settings.cluster() == null ? "no cluster" : "cluster " + settings.cluster()));
            } else if (connected && !now) {
                print("Connection to " + status.broker() + " lost; trying again.");
            }
            connected = now;
        }
    }

    private void print(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
