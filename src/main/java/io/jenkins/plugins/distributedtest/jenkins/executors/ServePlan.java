package io.jenkins.plugins.distributedtest.jenkins.executors;

import io.jenkins.plugins.distributedtest.process.OwnJvm;
import java.io.Serializable;
import java.util.List;
import java.util.TreeMap;

/**
 * A listener of one run that is to run on a node.
 *
 * @param runId the run
 * @param listenerId its id among the run's listeners
 * @param program the program's jar on that node
 * @param directory where it keeps its workspaces and received sources, on that node
 * @param slots how many files at a time; 0 for the node's processors over its executors
 * @param executors how many executors the node has
 * @param cluster the run's cluster; null for none
 * @param brokerUri the broker with its password; goes over standard input only. With a dial its port is replaced
 * @param secretKey opens the run's secret variables; null if it has none; goes over standard input only, too
 * @param environment variables for it, and so for tests, beyond those of the agent's own process
 */
record ServePlan(
        String runId,
        String listenerId,
        String program,
        String directory,
        int slots,
        int executors,
        String cluster,
        String brokerUri,
        String secretKey,
        TreeMap<String, String> environment)
        implements Serializable {

    /** How many files at a time, on a machine with so many processors. */
    int slotsOn(int processors) {
        return slots > 0 ? slots : Math.max(1, processors / Math.max(1, executors));
    }

    /**
     * The command that runs it; it takes the broker's URI, and the key if there is one, from standard input, a line each.
     *
     * @param java the Java to run it with
     * @param processors of this machine
     */
    List<String> command(String java, int processors) {
        List<String> command = OwnJvm.listener(java, program);
        command.addAll(List.of(
                "--directory=" + directory,
                "--work-dir=" + directory,
                "--slots=" + slotsOn(processors),
                "--only-run=" + runId,
                "--listener-id=" + listenerId,
                "--broker-file=-",
                "--until-stdin-closes"));
        if (secretKey != null) {
            command.add("--key-stdin");
        }
        if (cluster != null) {
            command.add("--cluster=" + cluster);
        }
        return command;
    }

    /** What standard input begins with, where the broker is reached at this URI. */
    String firstLines(String uri) {
        return secretKey == null ? uri : uri + "\n" + secretKey;
    }

    /** Leaves the broker's password, the key and the environment out. */
    @Override
    public String toString() {
        return "listener " + listenerId + " of run " + runId;
    }
}
