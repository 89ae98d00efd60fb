package io.jenkins.plugins.distributedtest.jenkins.executors;

import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.remoting.Future;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.jenkins.broker.CertificateCopy;
import io.jenkins.plugins.distributedtest.jenkins.process.CliJar;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A listener of one run on a node, from the controller's side: a call over the agent's channel that is answered when the
 * listener has ended, and fails when the channel is gone. No thread of the controller waits for it.
 *
 * <p>A broker that is reached at the loopback address, as the controller's own by default is, is carried over the
 * channel ({@link Carrier}): an agent needs no port that it reaches.
 */
final class Serving {
    private static final Logger LOG = Logger.getLogger(Serving.class.getName());
    private static final String DIRECTORY = "distributed-test";

    private final String listenerId;
    private final String place;
    private final VirtualChannel channel;
    private final Future<ServeEnd> end;

    private Serving(String listenerId, String place, VirtualChannel channel, Future<ServeEnd> end) {
        this.listenerId = listenerId;
        this.place = place;
        this.channel = channel;
        this.end = end;
    }

    /**
     * Starts one. Blocks while the program is copied to the node, the first time.
     *
     * @param computer where
     * @param access the run
     * @param listenerId its id among the run's listeners
     * @param slots how many files at a time; 0 for the node's processors over its executors
     * @param environment variables for it, beyond those of the agent's own process
     * @throws IOException if the node is not connected, or the program cannot be put there; says so
     */
    static Serving start(
            Computer computer, RunAccess access, String listenerId, int slots, Map<String, String> environment)
            throws IOException, InterruptedException {
        Node node = computer.getNode();
        VirtualChannel channel = computer.getChannel();
        FilePath root = node == null ? null : node.getRootPath();
        if (channel == null || root == null) {
            throw new IOException(computer.getDisplayName() + " is not connected");
        }
        boolean here = node.getNodeName().isEmpty();
        FilePath directory = root.child(DIRECTORY);
        String program = CliJar.copyTo(directory).getRemote();
        BrokerAddress broker = here ? access.broker() : BrokerReach.forAgents(access.broker());
        Dial dial = here ? null : BrokerReach.dial(channel, broker, node.getNodeName());
        FilePath work = directory.child("runs");
        work.mkdirs();
        BrokerAddress there = CertificateCopy.at(
                broker,
                directory.child("ca-" + Integer.toHexString((broker.host() + broker.port()).hashCode()) + ".pem"));
        ServePlan plan = new ServePlan(
                access.runId(),
                listenerId,
                program,
                work.getRemote(),
                slots,
                node.getNumExecutors(),
                access.cluster(),
                there.toSecretUri(),
                access.secretKey(),
                new TreeMap<>(environment));
        Future<ServeEnd> end = channel.callAsync(new ServeRun(plan, here, dial));
        return new Serving(listenerId, computer.getDisplayName(), channel, end);
    }

    /** Its id among the run's listeners. */
    String listenerId() {
        return listenerId;
    }

    /** The node, for people. */
    String place() {
        return place;
    }

    /** Whether it has ended, or its channel is gone. Does not wait. */
    boolean isOver() {
        return end.isDone();
    }

    /** How it has ended, once it {@linkplain #isOver has}. */
    ServeEnd end() {
        try {
            return end.get();
        } catch (ExecutionException e) {
            LOG.log(Level.FINE, e, () -> "A listener on " + place + " is gone");
            Throwable cause = e.getCause();
            // What goes wrong on the agent is told as an IOException, a closed channel as another.
            String words = cause instanceof IOException && cause.getMessage() != null
                    ? cause.getMessage()
                    : "its connection to the controller is lost";
            return new ServeEnd(false, words, "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new ServeEnd(false, "interrupted", "");
        }
    }

    /** Asks it to end. Does not wait. */
    void stop() {
        try {
            channel.callAsync(new StopServing(listenerId));
        } catch (IOException e) {
            LOG.log(Level.FINE, e, () -> "A listener on " + place + " ends with its channel");
        }
    }
}
