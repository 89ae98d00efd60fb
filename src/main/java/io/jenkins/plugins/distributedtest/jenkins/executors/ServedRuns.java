package io.jenkins.plugins.distributedtest.jenkins.executors;

import hudson.remoting.Channel;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.jenkins.process.ProcessStatus;
import io.jenkins.plugins.distributedtest.jenkins.process.SupervisedProcess;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * The listeners of single runs that Jenkins has started in this JVM: an agent's, or the controller's for its built-in
 * node. Each is a child process. It is not started again when it ends: whoever asked for it is told.
 *
 * <p>When the agent's channel closes they end, since nobody could stop them any more. When this JVM ends, however it
 * does, their standard input ends, and they with it.
 */
final class ServedRuns {
    private static final int SHOWN = 4 << 10;
    private static final int REMEMBERED = 1000;
    /** One set per channel: a new connection has classes, and so a variable, of its own. */
    private static final ServedRuns HERE = new ServedRuns();

    private final Map<String, Served> serving = new HashMap<>();
    /** Those that were asked to end, some of them before they had begun. */
    private final Map<String, Boolean> stopped = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    };

    private boolean watching;
    private boolean ended;

    private ServedRuns() {}

    static ServedRuns here() {
        return HERE;
    }

    /** Waits for the first end of a process, and has no other started. */
    private static final class Served implements SupervisedProcess.Watcher {
        private final CountDownLatch over = new CountDownLatch(1);
        private volatile ProcessStatus last;
        private SupervisedProcess process;

        synchronized void start(String name, ProcessSpec spec, String firstLine) {
            process = new SupervisedProcess(name, spec, firstLine, this);
        }

        @Override
        public void printed(String line) {
            // All of it is kept by the process.
        }

        @Override
        public void changed(ProcessStatus now) {
            if (now.phase() == ProcessStatus.Phase.WAITING || now.phase() == ProcessStatus.Phase.STOPPED) {
                last = now;
                stop();
                over.countDown();
            }
        }

        synchronized void stop() {
            process.stop();
        }

        synchronized String output() {
            String all = process.output();
            return all.substring(Math.max(0, all.length() - SHOWN));
        }
    }

    /** Ends everything when the channel closes. */
    private static final class AtClosing extends Channel.Listener {
        @Override
        public void onClosed(Channel channel, IOException cause) {
            HERE.endAll();
        }
    }

    /**
     * Runs a listener to its end.
     *
     * @param plan the listener
     * @param dial opens connections to the broker; null if it is reached directly
     * @param channel over which it was asked for; null on the controller itself
     * @return how it has ended
     * @throws IOException if it cannot be started
     */
    ServeEnd serve(ServePlan plan, Dial dial, Channel channel) throws IOException {
        Files.createDirectories(Path.of(plan.directory()));
        try (Carrier carrier = dial == null ? null : Carrier.open(dial)) {
            String uri = carrier == null ? plan.brokerUri() : through(carrier, plan.brokerUri());
            Served served = begin(plan, uri, channel);
            if (served == null) {
                return new ServeEnd(true, "not started", "");
            }
            served.over.await();
            return end(plan.listenerId(), served);
        } catch (InterruptedException e) {
            // The channel is gone: nobody hears the answer.
            stop(plan.listenerId());
            Thread.currentThread().interrupt();
            throw new IOException("The agent's channel has closed", e);
        }
    }

    private static String through(Carrier carrier, String uri) {
        return BrokerAddress.parse(uri).withPlace("127.0.0.1", carrier.port()).toSecretUri();
    }

    /** Null if it has been asked to end already. */
    private synchronized Served begin(ServePlan plan, String uri, Channel channel) throws IOException {
        if (channel != null && !watching) {
            channel.addListener(new AtClosing());
            watching = true;
        }
        if (ended && channel != null) {
            throw new IOException("The channel has closed");
        }
        if (stopped.containsKey(plan.listenerId())) {
            return null;
        }
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = plan.command(java, Runtime.getRuntime().availableProcessors());
        ProcessSpec spec =
                ProcessSpec.of(command).directory(Path.of(plan.directory())).environment(plan.environment());
        Served served = new Served();
        served.start("distributed-test-serve-" + plan.listenerId(), spec, plan.firstLines(uri));
        serving.put(plan.listenerId(), served);
        return served;
    }

    private synchronized ServeEnd end(String id, Served served) {
        serving.remove(id);
        String ending = served.last.ending();
        return new ServeEnd(stopped.containsKey(id), ending == null ? "stopped" : ending, served.output());
    }

    /** Asks one to end, if it runs or is to run; does not wait. */
    synchronized void stop(String id) {
        stopped.put(id, true);
        Served served = serving.get(id);
        if (served != null) {
            served.stop();
        }
    }

    /** Asks all to end; does not wait. Uses no class that has not been used before: see {@link SupervisedProcess}. */
    synchronized void endAll() {
        ended = true;
        for (Served each : serving.values()) {
            each.stop();
        }
    }
}
