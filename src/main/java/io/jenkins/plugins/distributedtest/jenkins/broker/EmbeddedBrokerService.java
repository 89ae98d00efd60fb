package io.jenkins.plugins.distributedtest.jenkins.broker;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.listeners.ItemListener;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.jenkins.process.ProcessStatus;
import io.jenkins.plugins.distributedtest.jenkins.process.SupervisedProcess;
import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/**
 * Runs the embedded broker as a child process of the controller while the configuration says so.
 *
 * <p>The process is {@code java -jar distributed-test-cli.jar broker …} with the controller's own Java. It gets its
 * password over standard input and says on standard output when and where it takes connections; where that was is kept,
 * so that runs which go on after a restart of the controller know it before the broker is up again. It is started again
 * when it dies, and ends with the controller, also when that is killed: its standard input ends then.
 */
@Extension
public class EmbeddedBrokerService extends ItemListener {
    /** What the embedded broker is called where brokers have names. */
    public static final String NAME = "embedded";

    private static final Logger LOGGER = Logger.getLogger(EmbeddedBrokerService.class.getName());
    private static final String USERNAME = "distributed-test";
    private static final String ENDPOINT_FILE = "endpoint.json";

    /** Starting and stopping takes seconds, and one must not overtake the other. */
    private final ThreadPoolExecutor control = new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            DaemonThreads.named("distributed-test-broker-control"),
            new ThreadPoolExecutor.DiscardPolicy());

    /** What runs; null if nothing does. Used by the control thread, read by all. */
    private volatile Running running;
    /** Where it takes connections, or last did; null if that is not known. */
    private volatile BrokerEndpoint endpoint;
    /** Whether the process that runs now has said that it takes connections. */
    private volatile boolean up;
    /** Why it cannot be run; null if it can. */
    private volatile String problem;
    /** Whether a step has needed a broker where none is configured: then it runs as it does by default. */
    private volatile boolean demanded;

    /** A process, and what it was started for. */
    private record Running(
            List<String> command, String password, EmbeddedBrokerSettings settings, SupervisedProcess process) {}

    /** Is notified when the broker takes connections, or cannot be run. */
    private final Object heard = new Object();

    /** Nothing runs yet. */
    public EmbeddedBrokerService() {
        control.allowCoreThreadTimeOut(true);
    }

    /** The one of this Jenkins. */
    public static EmbeddedBrokerService get() {
        return ExtensionList.lookupSingleton(EmbeddedBrokerService.class);
    }

    @Override
    public void onLoaded() {
        apply();
    }

    @Override
    public void onBeforeShutdown() {
        control.shutdown();
        Running last = running;
        if (last != null) {
            last.process().close();
        }
    }

    /** Makes it as the configuration says; returns at once. */
    public void apply() {
        control.execute(this::applyNow);
    }

    private void applyNow() {
        try {
            BrokerDirectory configuration = BrokerDirectory.configured();
            EmbeddedBrokerSettings settings = settings();
            if (settings == null) {
                end();
                endpoint = null;
                problem = null;
            } else {
                run(settings, configuration.embeddedBrokerPassword());
            }
        } catch (IOException | RuntimeException e) {
            problem = e.getMessage();
            LOGGER.log(Level.WARNING, "The embedded broker cannot be run", e);
        }
        tellWaiting();
        EmbeddedBrokerListener.fire();
    }

    private void tellWaiting() {
        synchronized (heard) {
            heard.notifyAll();
        }
    }

    private void end() {
        Running before = running;
        if (before != null) {
            before.process().close();
            running = null;
            LOGGER.info("The embedded broker has been stopped");
        }
    }

    private void run(EmbeddedBrokerSettings settings, String password) throws IOException {
        Path directory = Jenkins.get().getRootDir().toPath().resolve("distributed-test-broker");
        List<String> command = settings.command(USERNAME, directory);
        Running before = running;
        if (before != null
                && before.command().equals(command)
                && before.password().equals(password)
                && Objects.equals(before.settings().getPublicHost(), settings.getPublicHost())) {
            return;
        }
        end();
        recall(directory);
        problem = null;
        ProcessSpec spec =
                ProcessSpec.of(command).directory(Jenkins.get().getRootDir().toPath());
        SupervisedProcess process =
                new SupervisedProcess("distributed-test-broker", spec, password, new Ears(directory));
        running = new Running(command, password, settings, process);
    }

    /** Takes up where the broker was the last time: it will be there again if it can. */
    private void recall(Path directory) throws IOException {
        Path file = directory.resolve(ENDPOINT_FILE);
        endpoint =
                Files.exists(file) ? BrokerEndpoint.parse(Files.readString(file).strip()) : null;
    }

    /** Hears what the process says. */
    private final class Ears implements SupervisedProcess.Watcher {
        private final Path directory;

        Ears(Path directory) {
            this.directory = directory;
        }

        @Override
        public void printed(String line) {
            try {
                BrokerEndpoint said = BrokerEndpoint.parse(line);
                if (said == null) {
                    LOGGER.info(() -> "Embedded broker: " + line);
                    return;
                }
                LOGGER.info(() -> "The embedded broker takes connections at port " + said.port());
                boolean moved = !said.equals(endpoint);
                endpoint = said;
                up = true;
                tellWaiting();
                Files.writeString(directory.resolve(ENDPOINT_FILE), line + "\n");
                if (moved) {
                    EmbeddedBrokerListener.fire();
                }
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, "Cannot take up where the embedded broker is", e);
            }
        }

        @Override
        public void changed(ProcessStatus now) {
            up = false;
            if (now.phase() == ProcessStatus.Phase.WAITING) {
                LOGGER.warning(() -> "Embedded broker: " + now.inWords());
            }
        }
    }

    /** What is configured; else, once a step has needed it, the default: the loopback address and any port. */
    private EmbeddedBrokerSettings settings() {
        EmbeddedBrokerSettings configured = BrokerDirectory.configured().getEmbeddedBroker();
        return configured == null && demanded ? new EmbeddedBrokerSettings() : configured;
    }

    /** Whether the configuration asks for it, or a step has. */
    public boolean isEnabled() {
        return settings() != null;
    }

    /**
     * Has it run although the configuration does not ask for it, from now until Jenkins ends, and waits until it takes
     * connections. Agents reach it over their channels.
     *
     * @param limit how long to wait
     * @throws BrokerException if it takes none by then; says why
     */
    public void demand(Duration limit) throws BrokerException, InterruptedException {
        demanded = true;
        apply();
        long end = System.nanoTime() + limit.toNanos();
        synchronized (heard) {
            while (!isWell() || running == null) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0 || problem != null) {
                    throw new BrokerException("The broker that the controller runs for steps is not there: " + state());
                }
                heard.wait(Math.min(left, 1000));
            }
        }
    }

    /** Whether only the controller's own host reaches the broker that runs; false if none does. */
    public boolean isLoopbackOnly() {
        Running now = running;
        return now != null && now.settings().loopbackOnly();
    }

    /** Whether it runs and takes connections, or is not asked for. */
    public boolean isWell() {
        Running now = running;
        return !isEnabled()
                || problem == null
                        && now != null
                        && up
                        && now.process().status().phase() == ProcessStatus.Phase.RUNNING;
    }

    /** Whether it cannot be run or has ended unasked; not while it starts. */
    public boolean isAlarming() {
        Running now = running;
        return isEnabled()
                && (problem != null || now != null && now.process().status().phase() == ProcessStatus.Phase.WAITING);
    }

    /** How it is, for people; never with its password. */
    public String state() {
        Running now = running;
        if (!isEnabled()) {
            return "not configured";
        }
        if (problem != null) {
            return "cannot be run: " + problem;
        }
        if (now == null) {
            return "starting";
        }
        BrokerEndpoint where = endpoint;
        ProcessStatus status = now.process().status();
        if (status.phase() == ProcessStatus.Phase.WAITING) {
            return status.inWords() + "\n" + now.process().output().strip();
        }
        if (where == null || !up) {
            return status.inWords(", about to take connections");
        }
        return status.inWords(" at " + where.address(now.settings().reachedBy(where), ""))
                + (where.fingerprint() == null ? "" : ", certificate with SHA-256 fingerprint " + where.fingerprint());
    }

    /** The broker for the controller itself; empty if it is not configured, or has never been up yet. */
    public Optional<ResolvedBroker> forController() {
        return resolved(true);
    }

    /** The broker for an agent: by the name of this host, unless it listens at the loopback address. */
    public Optional<ResolvedBroker> forAgents() {
        return resolved(false);
    }

    private Optional<ResolvedBroker> resolved(boolean here) {
        Running now = running;
        BrokerEndpoint where = endpoint;
        if (now == null || where == null) {
            return Optional.empty();
        }
        EmbeddedBrokerSettings settings = now.settings();
        String host = here ? BrokerEndpoint.fromTheSameHost(settings.getBindAddress()) : settings.reachedBy(where);
        BrokerAddress address = where.address(host, now.password());
        return Optional.of(new ResolvedBroker(address, null, NAME));
    }
}
