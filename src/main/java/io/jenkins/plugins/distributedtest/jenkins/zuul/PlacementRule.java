package io.jenkins.plugins.distributedtest.jenkins.zuul;

import io.jenkins.plugins.distributedtest.jenkins.zuul.FunctionTable.Target;
import io.jenkins.plugins.distributedtest.zuul.Offer;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Decides what Jenkins could run for Zuul right now.
 *
 * <p>A job is offered while an executor that could run it is free, and not claimed by what waits in Jenkins' own queue
 * or was taken from Zuul a moment ago. A job of which Jenkins runs one build at a time is not offered while there is a
 * build of it. One job is taken at a time; then the next offer is made.
 */
final class PlacementRule {
    private PlacementRule() {}

    /**
     * Works out an offer.
     *
     * @param table what is served
     * @param load how busy Jenkins is
     * @param taken where the builds may run that were taken and have no executor yet
     * @param takenAlone full names of jobs with a build that was taken, of those that run one at a time
     * @param limit how many builds there may be at once; null when the executors of the existing nodes decide
     * @param active how many builds there are
     * @return for no job, or for one more of those that could run
     */
    static Offer of(
            FunctionTable table,
            JenkinsLoad load,
            Collection<Placement> taken,
            Set<String> takenAlone,
            Integer limit,
            int active) {
        if (load.quiet() || (limit != null && active >= limit)) {
            return Offer.nothing();
        }
        ExecutorMatching executors = new ExecutorMatching(load.free());
        load.waiting().forEach(executors::take);
        taken.forEach(placement -> executors.take(load.nodesOf(placement)));
        Map<Placement, Boolean> possible = new HashMap<>();
        Set<String> names = new LinkedHashSet<>();
        for (Map.Entry<String, Target> entry : table.targets().entrySet()) {
            Target target = entry.getValue();
            String job = target.job().fullName();
            boolean blocked = target.job().alone() && (load.busy().contains(job) || takenAlone.contains(job));
            if (!blocked
                    && possible.computeIfAbsent(
                            target.placement(),
                            placement -> executors.could(load.nodesOf(placement))
                                    || (limit != null && load.growing().contains(placement)))) {
                names.add(entry.getKey());
            }
        }
        return names.isEmpty() ? Offer.nothing() : Offer.only(names, 1);
    }
}
