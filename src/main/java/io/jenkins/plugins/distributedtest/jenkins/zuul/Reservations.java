package io.jenkins.plugins.distributedtest.jenkins.zuul;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The builds that were taken from Zuul and do not show among Jenkins' busy executors yet: each of them claims an
 * executor until it does. Thread-safe; its lock is never held while waiting for Jenkins.
 *
 * <p>A freestyle build that runs has its executor. A light one (a pipeline, a matrix parent) has none itself; it is
 * {@linkplain Look#settled settled} when something of it runs on an executor, waits for one, or when it has run for
 * {@link #LIGHT_GRACE} without either, since it may never want one.
 */
final class Reservations {
    /** For how long a light build claims an executor that it has not asked for. */
    static final Duration LIGHT_GRACE = Duration.ofSeconds(60);

    private final Set<ZuulBuild> pending = new LinkedHashSet<>();

    /**
     * One look at Jenkins. Builds that had their executor before the look are in it, so they claim none any more;
     * those that got theirs while it was taken do, until the next look.
     */
    final class Look {
        private final List<ZuulBuild> running;

        private Look(List<ZuulBuild> running) {
            this.running = running;
        }

        /**
         * Ends the look.
         *
         * @param owners tokens of the builds of which a part was seen to run on an executor, or to wait for one
         */
        void settled(Set<String> owners) {
            synchronized (Reservations.this) {
                for (ZuulBuild build : running) {
                    boolean light = build.target().job().light();
                    if (!light
                            || owners.contains(build.token())
                            || build.running().compareTo(LIGHT_GRACE) > 0) {
                        pending.remove(build);
                    }
                }
            }
        }
    }

    synchronized void add(ZuulBuild build) {
        pending.add(build);
    }

    synchronized void remove(ZuulBuild build) {
        pending.remove(build);
    }

    /** Begins a look at Jenkins. */
    synchronized Look look() {
        return new Look(pending.stream()
                .filter(build -> build.state() == BuildState.RUNNING)
                .toList());
    }

    /** Where the builds that claim an executor may run. */
    synchronized Collection<Placement> placements() {
        List<Placement> placements = new ArrayList<>();
        pending.forEach(build -> placements.add(build.target().placement()));
        return placements;
    }

    /** Full names of the jobs with such builds. */
    synchronized Set<String> jobs() {
        Set<String> jobs = new HashSet<>();
        pending.forEach(build -> jobs.add(build.target().job().fullName()));
        return jobs;
    }
}
