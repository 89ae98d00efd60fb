package io.jenkins.plugins.distributedtest.jenkins.zuul;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How busy Jenkins is, at an instant.
 *
 * @param free idle executors of each node that is online and takes builds
 * @param nodes where builds may run: the nodes of each placement that a served job has, online or not
 * @param growing the placements for which a cloud could add a node, or a node would start
 * @param waiting for each build that waits in Jenkins' queue for an executor, and is not from Zuul, the nodes it may
 *     run on
 * @param busy full names of jobs that run or wait, of those that run one build at a time
 * @param quiet whether Jenkins is about to shut down and begins nothing
 */
record JenkinsLoad(
        Map<String, Integer> free,
        Map<Placement, Set<String>> nodes,
        Set<Placement> growing,
        List<Set<String>> waiting,
        Set<String> busy,
        boolean quiet) {
    /** Before Jenkins was looked at: nothing can run. */
    static final JenkinsLoad UNKNOWN = new JenkinsLoad(Map.of(), Map.of(), Set.of(), List.of(), Set.of(), true);

    /** The nodes of a placement; none if it is new. */
    Set<String> nodesOf(Placement placement) {
        return nodes.getOrDefault(placement, Set.of());
    }
}
