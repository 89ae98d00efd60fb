package io.jenkins.plugins.distributedtest.jenkins.zuul;

import io.jenkins.plugins.distributedtest.zuul.Admission;
import io.jenkins.plugins.distributedtest.zuul.Offer;
import java.util.HashSet;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Admits what Jenkins' free executors could run ({@link PlacementRule}), one job at a time, and builds that go on after
 * a restart and are only asked for again.
 *
 * <p>The end of a job says nothing about an executor that is free again: only the next look at Jenkins does. So an offer
 * holds until it is used up, or until the executor {@linkplain io.jenkins.plugins.distributedtest.zuul.ZuulExecutor
 * #reconsider reconsiders}.
 *
 * <p>What it knows is set by any thread; it decides on the executor's event loop.
 */
final class PlacementAdmission implements Admission {
    private final ActiveBuilds builds;
    private final String server;
    private final Supplier<Integer> limit;
    private final IntSupplier active;
    private volatile FunctionTable table = FunctionTable.EMPTY;
    private volatile JenkinsLoad load = JenkinsLoad.UNKNOWN;
    private volatile int offered;
    /** What was offered last; belongs to the executor's loop. */
    private Set<String> lastJobs = Set.of();

    /**
     * Admits nothing before it knows what is served and how busy Jenkins is.
     *
     * @param builds the builds of all servers
     * @param server name of the Gearman server, as builds from before a restart have it
     * @param limit how many builds of this server there may be at once; null when the executors of the existing nodes
     *     decide
     * @param active how many builds of this server there are
     */
    PlacementAdmission(ActiveBuilds builds, String server, Supplier<Integer> limit, IntSupplier active) {
        this.builds = builds;
        this.server = server;
        this.limit = limit;
        this.active = active;
    }

    void setTable(FunctionTable table) {
        this.table = table;
    }

    FunctionTable table() {
        return table;
    }

    void setLoad(JenkinsLoad load) {
        this.load = load;
    }

    /** How many names could be asked for at the last offer. */
    int offered() {
        return offered;
    }

    /** Counts builds by itself: those that wait in Jenkins' queue are active too, and some are over before Zuul knows. */
    @Override
    public Offer offer(int jobs) {
        Offer could = PlacementRule.of(
                table,
                load,
                builds.reservations().placements(),
                builds.reservations().jobs(),
                limit.get(),
                active.getAsInt());
        Offer offer = withOrphans(could);
        offered = offer.jobs().size();
        // While nothing can run the names stay as they are: no packets for functions of which no job is taken anyway.
        lastJobs = offer.jobs().isEmpty() ? lastJobs : offer.jobs();
        return Offer.only(lastJobs, offer.further());
    }

    /** A build that goes on already needs no executor: it is asked for whatever else holds. */
    private Offer withOrphans(Offer offer) {
        Set<String> jobs = new HashSet<>();
        builds.orphanFunctions(server, jobs);
        jobs.retainAll(table.names());
        if (jobs.isEmpty()) {
            return offer;
        }
        jobs.addAll(offer.jobs());
        return Offer.only(jobs, 1);
    }

    @Override
    public Offer ended(Offer held, int jobs) {
        return held;
    }
}
