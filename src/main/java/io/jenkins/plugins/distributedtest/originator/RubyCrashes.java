package io.jenkins.plugins.distributedtest.originator;

import io.jenkins.plugins.distributedtest.suite.WorkerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds out which worker a crash message of a Ruby listener is about. The message names a host only, and several
 * workers (of several listeners) may run there. A worker that goes on to finish its file was not the one; as soon as no
 * more files are left that had been running on the host when the message came than there were messages, these are the
 * lost ones. The file timeout stands behind it.
 */
final class RubyCrashes {
    private final Map<String, List<Double>> pending = new HashMap<>();

    /**
     * A crash message of a host came. Returns false if no file was running there, so that it concerns the host as a
     * whole.
     */
    boolean crashed(double now, String listener, LeaseBook leases) {
        if (suspects(listener, now, leases).isEmpty()) {
            return false;
        }
        pending.computeIfAbsent(listener, id -> new ArrayList<>()).add(now);
        return true;
    }

    /** The files that are known by now to have gone down; they no longer count as pending. */
    List<FileState> lost(LeaseBook leases) {
        List<FileState> lost = new ArrayList<>();
        pending.entrySet().removeIf(entry -> {
            double last =
                    entry.getValue().stream().max(Comparator.naturalOrder()).orElse(0.0);
            List<FileState> suspects = suspects(entry.getKey(), last, leases);
            if (suspects.size() > entry.getValue().size()) {
                return false;
            }
            lost.addAll(suspects);
            return true;
        });
        return lost;
    }

    private static List<FileState> suspects(String listener, double crashedAt, LeaseBook leases) {
        return leases.running().stream()
                .filter(f -> f.holder.listener().equals(listener) && f.since <= crashedAt)
                .toList();
    }

    /** A worker's name from Gorgon's messages. Its id is a number with every known peer, and need not be. */
    static WorkerId worker(String hostname, String workerId) {
        int slot = workerId.matches("[0-9]{1,6}")
                ? Integer.parseInt(workerId)
                : 1_000_000 + Math.floorMod(workerId.hashCode(), 1_000_000);
        return new WorkerId(ListenerBook.RUBY + hostname, hostname, slot);
    }
}
