package io.jenkins.plugins.distributedtest.jenkins.executors;

import io.jenkins.plugins.distributedtest.originator.RunLoad;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * How many executors could help a run: no more than there are files for, no more than the recorded runtimes say could be
 * busy while the longest file runs, and none that would come too late. Pure.
 */
final class CrewDemand {
    /** An executor takes at least so long from being asked for to its first file, in seconds. */
    static final double QUICKEST = 3;

    private final List<SeatRequest> requests;
    private double cameSum;
    private int cameCount;

    CrewDemand(List<SeatRequest> requests) {
        this.requests = List.copyOf(requests);
    }

    /**
     * How many are wanted.
     *
     * @param counts of each request
     * @param reason why they are fewer than asked for, as far as recorded runtimes say so; empty if they do not
     */
    record Wanted(int[] counts, String reason) {}

    /** One has come; {@code seconds} after it was asked for it took part. */
    void came(double seconds) {
        cameSum += seconds;
        cameCount++;
    }

    private double lag() {
        return cameCount == 0 ? QUICKEST : Math.max(QUICKEST, cameSum / cameCount);
    }

    /**
     * How many are wanted now.
     *
     * @param load what there is to do; something is queued
     * @param localSlots slots of the step's own listener
     * @param seats those there are
     */
    Wanted wanted(RunLoad load, int localSlots, Collection<Seat> seats) {
        boolean recorded = load.queued().values().stream().allMatch(seconds -> seconds > 0);
        double work = load.queued().values().stream().mapToDouble(each -> each).sum();
        int present = localSlots;
        for (Seat seat : seats) {
            present += seat.joined && seat.phase == Seat.Phase.SERVING ? slots(seat) : 0;
        }
        if (recorded && present > 0 && work / present < lag()) {
            return new Wanted(
                    present(seats),
                    String.format(
                            Locale.ROOT,
                            "No further executor is asked for: by the recorded runtimes what is left takes %.0f s on the %d"
                                    + " %s that there are, and one would come too late (in about %.0f s).",
                            Math.ceil(work / present),
                            present,
                            present == 1 ? "slot" : "slots",
                            lag()));
        }
        return byFiles(load, localSlots, seats, recorded, work);
    }

    private Wanted byFiles(RunLoad load, int localSlots, Collection<Seat> seats, boolean recorded, double work) {
        int queued = load.queued().size();
        int useful = queued;
        String reason = "";
        if (recorded && queued > 1) {
            double longest = Collections.max(load.queued().values());
            int busy = (int) Math.ceil(work / longest);
            if (busy < useful) {
                useful = busy;
                reason = String.format(
                        Locale.ROOT,
                        "By the recorded runtimes no more than %d slots help: the longest file alone takes %.0f of all %.0f s.",
                        busy,
                        longest,
                        work);
            }
        }
        int running = load.running().values().stream().mapToInt(each -> each).sum();
        int left = useful + running - localSlots;
        int[] counts = new int[requests.size()];
        boolean fewer = false;
        for (int i = 0; i < counts.length; i++) {
            SeatRequest request = requests.get(i);
            int most = (Math.max(0, left) + request.knownSlots() - 1) / request.knownSlots();
            counts[i] = Math.min(request.count(), most);
            fewer |= counts[i] < request.count();
            left -= counts[i] * request.knownSlots();
        }
        return new Wanted(counts, fewer && seats.isEmpty() ? reason : "");
    }

    private int slots(Seat seat) {
        return requests.get(seat.entry).knownSlots();
    }

    /** Those that have come: the others are not wanted any more. */
    private int[] present(Collection<Seat> seats) {
        int[] counts = new int[requests.size()];
        for (Seat seat : seats) {
            boolean there = seat.phase == Seat.Phase.STARTING || seat.phase == Seat.Phase.SERVING;
            counts[seat.entry] += there ? 1 : 0;
        }
        return counts;
    }
}
