package io.jenkins.plugins.distributedtest.jenkins.executors;

import hudson.FilePath;
import hudson.Proc;
import hudson.remoting.Future;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.config.Configuration;
import io.jenkins.plugins.distributedtest.jenkins.broker.CertificateCopy;
import io.jenkins.plugins.distributedtest.jenkins.process.CliJar;
import io.jenkins.plugins.distributedtest.process.OwnJvm;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A listener of one run in the environment of a step of the pipeline, from the controller's side. The step's own launcher
 * starts it, as it would {@code sh}, so containers, tools and variables apply. Standard input may not reach it there, nor
 * it a port of the agent; so it learns where the broker is, reaches it and is ended through a socket in the temporary
 * directory of the workspace ({@link GuestSocket}), which containers see.
 *
 * <p>Starting and looking block for moments; while it runs it holds no thread of the controller.
 */
public final class GuestProcess {
    private static final Logger LOG = Logger.getLogger(GuestProcess.class.getName());
    private static final String DIRECTORY = "distributed-test";
    private static final int DIGITS = 8;
    /** How long one that has closed its line may take to end. */
    private static final int LAST_SECONDS = 30;

    private final GuestPlace place;
    private final String listenerId;
    private final FilePath own;
    private final VirtualChannel channel;
    private final Proc process;
    private final Future<Void> came;
    private final Future<Void> over;

    private GuestProcess(
            GuestPlace place, String listenerId, FilePath own, Proc process, Future<Void> came, Future<Void> over) {
        this.place = place;
        this.listenerId = listenerId;
        this.own = own;
        this.channel = place.directory().getChannel();
        this.process = process;
        this.came = came;
        this.over = over;
    }

    /** What it takes to start one. */
    private record Start(
            GuestPlace place,
            GuestSettings settings,
            RunAccess access,
            String listenerId,
            FilePath home,
            FilePath own,
            FilePath program) {
        FilePath socket() {
            return own.child("owner");
        }

        /** Has the agent open the socket; gives its number of processors and its Java's directory. */
        String[] open() throws IOException, InterruptedException {
            VirtualChannel channel = place.directory().getChannel();
            boolean onController = place.node().isEmpty();
            BrokerAddress broker = onController ? access.broker() : BrokerReach.forAgents(access.broker());
            // A container has a loopback address of its own, on the controller too.
            Dial dial = BrokerReach.dial(channel, broker, onController ? "built-in" : place.node());
            BrokerAddress there = CertificateCopy.at(
                    broker,
                    home.child("ca-" + Integer.toHexString((broker.host() + broker.port()).hashCode()) + ".pem"));
            return channel.call(new GuestSockets.Open(
                    socket().getRemote(), listenerId, there.toSecretUri(), access.secretKey(), onController, dial));
        }

        GuestProcess start(String java, int processors) throws IOException {
            VirtualChannel channel = place.directory().getChannel();
            Future<Void> came = channel.callAsync(new GuestSockets.Await(listenerId, false));
            Future<Void> over = channel.callAsync(new GuestSockets.Await(listenerId, true));
            Proc process = place.launcher()
                    .launch()
                    .cmds(command(java, processors))
                    .envs(environment())
                    .pwd(place.directory())
                    .stdout(place.log().getLogger())
                    .quiet(true)
                    .start();
            return new GuestProcess(place, listenerId, own, process, came, over);
        }

        private List<String> command(String java, int processors) {
            int slots =
                    settings.slots() > 0 ? settings.slots() : Math.max(1, processors / Math.max(1, place.executors()));
            List<String> command = OwnJvm.listener(java, program.getRemote());
            command.addAll(List.of(
                    "--directory=" + home.getRemote(),
                    "--work-dir=" + home.getRemote(),
                    "--slots=" + slots,
                    "--only-run=" + access.runId(),
                    "--listener-id=" + listenerId,
                    "--owner-socket=" + socket().getRemote()));
            if (settings.here()) {
                command.add("--tree=" + place.directory().getRemote());
            }
            if (access.cluster() != null) {
                command.add("--cluster=" + access.cluster());
            }
            return command;
        }

        /** Variables by which the listener itself would be configured are for the run, not for it. */
        private Map<String, String> environment() {
            Map<String, String> variables = new TreeMap<>(place.environment());
            variables.keySet().removeIf(Configuration::isVariable);
            return variables;
        }
    }

    /**
     * Starts one. Blocks while the program is copied there, the first time, and a Java is looked for.
     *
     * @param place where
     * @param settings what the step says of it
     * @param access the run
     * @param listenerId its id among the run's listeners
     * @throws IOException if it cannot be started; says why, and the way out
     */
    public static GuestProcess start(GuestPlace place, GuestSettings settings, RunAccess access, String listenerId)
            throws IOException, InterruptedException {
        FilePath home = place.temporary().child(DIRECTORY);
        FilePath own = home.child("listener-" + listenerId.substring(0, DIGITS));
        place.directory().mkdirs(); // where nothing was checked out yet
        Start start = new Start(place, settings, access, listenerId, home, own, CliJar.copyTo(home));
        String[] agent = start.open();
        try {
            return start.start(JavaSearch.find(place, settings.java(), agent[1]), Integer.parseInt(agent[0]));
        } catch (IOException | InterruptedException | RuntimeException e) {
            place.directory().getChannel().callAsync(new GuestSockets.Close(listenerId, true));
            throw e;
        }
    }

    /** Its id among the run's listeners. */
    public String listenerId() {
        return listenerId;
    }

    /** Whether it has ended, or its agent's channel is gone. Asks the agent as long as it has not connected. */
    public boolean isOver() throws InterruptedException {
        if (over.isDone()) {
            return true;
        }
        try {
            return !came.isDone() && !process.isAlive();
        } catch (IOException e) {
            return true;
        }
    }

    /** Whether it had reached its agent, and so was running. */
    public boolean hasCome() throws InterruptedException {
        try {
            came.get(0, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    /** Whether its agent cannot be reached any more. To be asked once it {@linkplain #isOver is over}. */
    public boolean isLost() throws InterruptedException {
        try {
            over.get(0, TimeUnit.SECONDS);
            return false;
        } catch (TimeoutException e) {
            return false; // it has not connected
        } catch (ExecutionException e) {
            LOG.log(Level.FINE, e, () -> "A listener on " + place.words() + " is gone");
            return true;
        }
    }

    /** Asks it to end. Does not wait. */
    public void stop() {
        try {
            channel.callAsync(new GuestSockets.Close(listenerId, false));
        } catch (IOException e) {
            LOG.log(Level.FINE, e, () -> "A listener on " + place.words() + " ends with its channel");
        }
    }

    /**
     * Makes sure that it is over, in the end with force, and removes what it has left. Blocks for a while.
     *
     * @return how it has ended, for people
     */
    public String conclude() throws InterruptedException {
        stop();
        try {
            int code = process.joinWithTimeout(LAST_SECONDS, TimeUnit.SECONDS, place.log());
            channel.call(new GuestSockets.Close(listenerId, true));
            own.deleteRecursive();
            return "exit code " + code;
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.FINE, e, () -> "A listener on " + place.words() + " cannot be looked after");
            return "its agent does not answer";
        }
    }
}
