package io.jenkins.plugins.distributedtest.jenkins.listeners;

import io.jenkins.plugins.distributedtest.process.OwnJvm;
import java.io.Serializable;
import java.util.List;

/**
 * One listener that is to run on a node.
 *
 * @param id tells it from others on the same node; letters, digits and dashes
 * @param program the program's jar on that node
 * @param directory where it keeps its workspaces and its log, on that node
 * @param slots how many files at a time; 0 for one per processor
 * @param cluster its cluster; null for none
 * @param brokerUri the broker with its password; goes over standard input only
 */
record ListenerPlan(String id, String program, String directory, int slots, String cluster, String brokerUri)
        implements Serializable {

    /**
     * The command that runs it; it takes the broker's URI from standard input.
     *
     * @param java the Java to run it with
     */
    List<String> command(String java) {
        List<String> command = OwnJvm.listener(java, program);
        command.addAll(List.of(
                "--directory=" + directory,
                "--work-dir=" + directory + "/" + id,
                "--log-file=" + directory + "/" + id + ".log",
                "--broker-file=-",
                "--until-stdin-closes"));
        if (slots > 0) {
            command.add("--slots=" + slots);
        }
        if (cluster != null) {
            command.add("--cluster=" + cluster);
        }
        return command;
    }

    /** Leaves the broker's password out. */
    @Override
    public String toString() {
        return id + ": " + slots + (slots == 1 ? " slot" : " slots") + (cluster == null ? "" : ", cluster " + cluster);
    }
}
