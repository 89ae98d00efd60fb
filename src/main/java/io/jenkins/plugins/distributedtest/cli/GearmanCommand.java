package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.config.ConfigException;
import io.jenkins.plugins.distributedtest.gearman.GearmanWorker;
import io.jenkins.plugins.distributedtest.gearman.WorkerStatus;
import io.jenkins.plugins.distributedtest.zuul.ZuulExecutor;
import io.jenkins.plugins.distributedtest.zuul.settings.ExecutorFile;
import io.jenkins.plugins.distributedtest.zuul.settings.ExecutorSettings;
import io.jenkins.plugins.distributedtest.zuul.task.HostState;
import io.jenkins.plugins.distributedtest.zuul.task.TaskBackend;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import org.jline.utils.Signals;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code distributed-test gearman}: serves Zuul's job requests with configured tasks. */
@Command(
        name = "gearman",
        description = "Serves the job requests of Zuul 2 with the jobs of a configuration file, ours or"
                + " turbo-hipster's, until Ctrl-C or SIGTERM: then it takes no more jobs, finishes those that run, and"
                + " ends. A second one aborts them; Zuul starts them anew. SIGHUP reads the configuration again.")
final class GearmanCommand implements Callable<Integer> {
    /** Jobs that run may take as long as they take. */
    private static final Duration NO_LIMIT = Duration.ofDays(365);

    private static final Duration ABORT_LIMIT = Duration.ofSeconds(12);
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(200);

    private static final Logger LOG = LoggerFactory.getLogger(GearmanCommand.class);

    @Spec
    private CommandSpec spec;

    @Mixin
    private HelpOption help;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            required = true,
            description = "The configuration, in YAML; a turbo-hipster.yaml is read as it is.")
    private Path config;

    @Option(names = "--check", description = "Check the configuration, say what would be served, and end.")
    private boolean check;

    @Option(
            names = "--metrics-port",
            paramLabel = "PORT",
            description = "Serve metrics for Prometheus at http://127.0.0.1:PORT/metrics.")
    private Integer metricsPort;

    @Option(
            names = "--status-port",
            paramLabel = "PORT",
            description = "Serve a page at http://127.0.0.1:PORT/: servers, jobs now, last results with links to logs.")
    private Integer statusPort;

    @Option(names = "--log-file", paramLabel = "FILE", description = "Log there in place of standard error.")
    private Path logFile;

    @Option(
            names = {"-v", "--verbose"},
            description = "Log more.")
    private boolean verbose;

    @Option(names = "--owned", hidden = true, description = Interrupts.OWNED)
    private boolean owned;

    private final CompletableFuture<Void> idle = new CompletableFuture<>();
    private final AtomicReference<ZuulExecutor> executor = new AtomicReference<>();

    GearmanCommand() {}

    @Override
    public Integer call() throws Exception {
        ExecutorSettings settings = ExecutorFile.read(config, YamlFiles::read);
        PrintWriter err = spec.commandLine().getErr();
        settings.warnings().forEach(warning -> err.println("Warning: " + warning));
        err.flush();
        if (check) {
            settings.tasks().forEach(task -> task.names().forEach(name -> print("build:" + name)));
            return ExitCode.OK;
        }
        Path log = logFile != null ? logFile : settings.logFile();
        Level level = verbose ? Level.FINE : Level.INFO;
        if (log == null) {
            Logging.toConsole(level);
        } else {
            Logging.toFile(log, level);
        }
        if (metricsPort == null) {
            serve(settings, new SimpleMeterRegistry());
        } else {
            try (MetricsServer metrics = MetricsServer.start(metricsPort)) {
                serve(settings, metrics.registry());
            }
        }
        return ExitCode.OK;
    }

    private void serve(ExecutorSettings settings, MeterRegistry meters) throws InterruptedException, CliException {
        String containers = KeepTogether.use(
                settings.processContainers(), settings.directories().kept());
        print("The processes of a job are kept together by " + containers + ".");
        ExecutorStatus.Wanted shown = new ExecutorStatus.Wanted(statusPort, metricsPort != null, meters, containers);
        try (TaskBackend runner = new TaskBackend(settings, meters, this::drain);
                ZuulExecutor zuul = new ZuulExecutor(
                        settings.servers(),
                        runner.identity(Version.text()),
                        runner,
                        runner.admission(),
                        new GearmanWorker.Timing(GearmanWorker.Timing.DEFAULT.probe(), settings.silence()),
                        meters);
                ExecutorStatus status = ExecutorStatus.start(shown, settings, runner, zuul)) {
            executor.set(zuul);
            status.address().ifPresent(address -> print("Status page: " + address));
            runner.onChange(() -> hostChanged(runner.hostState(), zuul));
            Interrupts.handle(
                    () -> {
                        print("Finishing what runs; once more aborts it.");
                        drain();
                    },
                    NO_LIMIT,
                    ExitCode.CANCELLED,
                    owned,
                    () -> abort(runner, zuul));
            Signals.register("HUP", () -> reload(runner, zuul));
            zuul.setJobs(runner.names());
            zuul.start();
            tellUntilIdle(zuul);
        }
        print("Executor stopped.");
    }

    /** Takes no more jobs; when the last one has ended, so does the program. */
    private void drain() {
        executor.get().drain().thenRun(() -> idle.complete(null));
    }

    private static void abort(TaskBackend runner, ZuulExecutor zuul) {
        try {
            runner.abort().get(ABORT_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // Whatever is left is killed by the watchdog, as soon as this process is gone.
        }
        zuul.close();
    }

    /** Reads the configuration again; with an error in it, everything stays as it is. */
    private void reload(TaskBackend runner, ZuulExecutor zuul) {
        Logging.reopen();
        try {
            ExecutorSettings next = ExecutorFile.read(config, YamlFiles::read);
            List<String> late = runner.reload(next);
            zuul.setJobs(runner.names());
            zuul.reconsider();
            next.warnings().forEach(warning -> print("Warning: " + warning));
            print("Read " + config + " again: " + runner.names().size() + " functions, capacity " + next.capacity()
                    + "." + (late.isEmpty() ? "" : " Only a restart changes " + String.join(", ", late) + "."));
        } catch (ConfigException | RuntimeException e) {
            print("The configuration stays as it was: " + e.getMessage());
            LOG.warn("The configuration stays as it was: {}", e.getMessage());
        }
    }

    private void hostChanged(HostState host, ZuulExecutor zuul) {
        print(
                host.isFit()
                        ? "Takes jobs again."
                        : "Takes no jobs until " + host.until().truncatedTo(ChronoUnit.SECONDS) + ", then looks again: "
                                + host.fault().reason());
        zuul.reconsider();
    }

    private void tellUntilIdle(ZuulExecutor zuul) throws InterruptedException {
        Set<String> connected = new HashSet<>();
        Set<String> told = new HashSet<>();
        while (!isIdleWithin(LOOK_INTERVAL)) {
            for (WorkerStatus status : zuul.status()) {
                String server = status.server().toString();
                if (status.connectedSince() != null && status.functions() > 0 && connected.add(server)) {
                    print("Connected to Gearman server " + server + ": " + status.functions() + " functions, capacity "
                            + status.jobs().capacity() + ", manager "
                            + zuul.identity().manager());
                } else if (status.connectedSince() == null) {
                    String problem = status.lastError().replaceFirst("^\\S+ ", "");
                    if ((connected.remove(server) || connected.isEmpty()) && !problem.isEmpty() && told.add(problem)) {
                        print(problem + "; trying again.");
                    }
                }
            }
        }
    }

    private boolean isIdleWithin(Duration time) throws InterruptedException {
        try {
            idle.get(time.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return true;
        }
    }

    private void print(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
