package io.jenkins.plugins.distributedtest.jenkins.broker;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.originator.Ping;
import io.jenkins.plugins.distributedtest.originator.PingAnswer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What came of trying a broker: it was reached, and these listeners answered.
 *
 * @param isListening whether any listener answered
 * @param message the outcome for a person, without the password
 */
record ConnectionTest(boolean isListening, String message) {
    /** How long listeners have to answer. */
    static final Duration WAIT = Duration.ofSeconds(2);

    private static final int HOSTS_SHOWN = 10;

    /**
     * Connects and asks. It takes {@link #WAIT}, and at most half a minute more if the broker does not answer.
     *
     * @param address the broker
     * @param cluster the cluster; null for the one without a name
     * @throws IOException if the broker cannot be reached or refuses us; the message names it
     * @throws InterruptedException when interrupted
     */
    static ConnectionTest of(BrokerAddress address, String cluster) throws IOException, InterruptedException {
        return of(address, cluster, Ping.ping(address, cluster, WAIT));
    }

    static ConnectionTest of(BrokerAddress address, String cluster, List<PingAnswer> answers) {
        String where = "Connected to " + address + ". ";
        String who = cluster == null ? "" : " of cluster " + cluster;
        if (answers.isEmpty()) {
            return new ConnectionTest(
                    false,
                    where + "No listener" + who + " answered within " + WAIT.toSeconds()
                            + " s: start one with distributed-test listen, or let Jenkins run them on agents");
        }
        int slots = answers.stream().mapToInt(PingAnswer::slots).sum();
        int busy = answers.stream().mapToInt(each -> Math.max(0, each.busy())).sum();
        String hosts = answers.stream().map(PingAnswer::host).limit(HOSTS_SHOWN).collect(Collectors.joining(", "));
        String more = answers.size() > HOSTS_SHOWN ? " and " + (answers.size() - HOSTS_SHOWN) + " more" : "";
        return new ConnectionTest(
                true,
                where + counted(answers.size(), "listener") + who + " answered, with " + counted(slots, "slot") + ", "
                        + busy + " busy: " + hosts + more);
    }

    private static String counted(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
