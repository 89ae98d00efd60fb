package io.jenkins.plugins.distributedtest.jenkins.zuul;

import io.jenkins.plugins.distributedtest.jenkins.zuul.FunctionTable.Target;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What Jenkins could run for Zuul right now.
 *
 * <p>A job is offered while an executor that could run it is free, and not spoken for by what waits in Jenkins' own
 * queue or was taken from Zuul a moment ago. A job of which Jenkins runs one build at a time is not offered while there
 * is a build of it. One job is taken at a time; then the next offer is made.
 *
 * @param names what could run, as Zuul asks for it; empty when nothing could
 * @param further how many may be taken before the next offer: 0 or 1
 */
record Offer(Set<String> names, int further) {
    static final Offer NOTHING = new Offer(Set.of(), 0);

    /**
     * Works out an offer.
     *
     * @param table what is served
     * @param load how busy Jenkins is
     * @param taken where the builds may run that were taken and have no executor yet
     * @param takenAlone full names of jobs with a build that was taken, of those that run one at a time
     * @param limit how many builds there may be at once; null when the executors of the nodes that are there decide
     * @param active how many builds there are
     */
    static Offer of(
            FunctionTable table,
            JenkinsLoad load,
            Collection<Placement> taken,
            Set<String> takenAlone,
            Integer limit,
            int active) {
        if (load.quiet() || (limit != null && active >= limit)) {
            return NOTHING;
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
        return names.isEmpty() ? NOTHING : new Offer(names, 1);
    }

    /** The same with one name more, whatever else holds: for a build that goes on already and is only asked for again. */
    Offer and(Collection<String> more) {
        if (more.isEmpty()) {
            return this;
        }
        Set<String> all = new HashSet<>(names);
        all.addAll(more);
        return new Offer(all, 1);
    }
}
