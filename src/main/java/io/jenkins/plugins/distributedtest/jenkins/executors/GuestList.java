package io.jenkins.plugins.distributedtest.jenkins.executors;

import io.jenkins.plugins.distributedtest.originator.RunLoad;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The {@link Guest}s of a run, on its loop. One goes as soon as no file is left for it; one stays to the end, so that a
 * file that has to run again finds somebody.
 */
final class GuestList {
    /** One that was started and has not taken part by then is not waited for any more. */
    private static final double COMING = 120;

    private final RunOwner owner;
    private final PipelineBranches branches;
    private final Map<Guest, Stay> guests = new LinkedHashMap<>();

    /** A guest's time in the run. */
    private static final class Stay {
        private final String listener;
        private final double since;
        private boolean joined;
        private boolean released;

        Stay(String listener, double since) {
            this.listener = listener;
            this.since = since;
        }
    }

    GuestList(RunOwner owner, PipelineBranches branches) {
        this.owner = owner;
        this.branches = branches;
    }

    /** A listener is about to be started. */
    void came(Guest guest, double now) {
        guests.put(guest, new Stay(guest.listenerId(), now));
    }

    /**
     * A listener has ended.
     *
     * @param why for people; null if it was asked to
     */
    void left(Guest guest, String why) {
        Stay stay = guests.remove(guest);
        if (stay == null) {
            return;
        }
        if (why != null) {
            owner.run().gone(stay.listener, why);
            owner.say("The listener on " + guest.place() + " is lost: " + why + ". What it ran goes to others.");
        }
    }

    /** Looks how they are. */
    void tick(RunLoad load) {
        for (Stay stay : guests.values()) {
            stay.joined |= load.listeners().contains(stay.listener);
        }
        if (load.queued().isEmpty()) {
            List<Guest> idle = new ArrayList<>();
            guests.forEach((guest, stay) -> {
                if (!stay.released && !load.running().containsKey(stay.listener)) {
                    idle.add(guest);
                }
            });
            long busy = guests.values().stream().filter(stay -> !stay.released).count() - idle.size();
            idle.stream().skip(busy > 0 ? 0 : 1).forEach(this::release);
        } else if (guests.isEmpty() && load.listeners().isEmpty() && branches.areOver()) {
            owner.run()
                    .fail("All branches of the block have ended, and no other listener is there: "
                            + load.queued().size() + " files have not been run");
        }
    }

    private void release(Guest guest) {
        guests.get(guest).released = true;
        guest.release();
    }

    /** Whether one is on its way. */
    boolean isComing(double now) {
        return branches.areComing()
                || guests.values().stream().anyMatch(stay -> !stay.joined && now - stay.since < COMING);
    }

    /** The run is over. */
    void end() {
        List.copyOf(guests.keySet()).forEach(Guest::release);
    }
}
