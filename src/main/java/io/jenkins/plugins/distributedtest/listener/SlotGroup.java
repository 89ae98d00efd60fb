package io.jenkins.plugins.distributedtest.listener;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** All slots of a listener, and whose turn it is. Lives on the event loop. */
final class SlotGroup {
    private final List<Slot> slots = new ArrayList<>();
    private long ticks;

    /**
     * @param number how many slots
     * @param context the listener
     */
    SlotGroup(int number, ListenerContext context) {
        for (int slot = 1; slot <= number; slot++) {
            slots.add(new Slot(slot, context, this));
        }
    }

    List<Slot> all() {
        return slots;
    }

    int busy() {
        return (int) slots.stream().filter(slot -> slot.current() != null).count();
    }

    /** Moves the clock by which runs are served in turn. */
    long tick() {
        return ++ticks;
    }

    /** Some runs, the one that was served longest ago first. */
    List<WorkerManager> inTurn(Collection<WorkerManager> runs) {
        List<WorkerManager> turn = new ArrayList<>(runs);
        turn.sort(Comparator.comparingLong(WorkerManager::lastServed));
        return turn;
    }

    /** A free slot that serves a file's run and need not avoid the file; null if there is none. */
    Slot freeFor(HeldFile file) {
        return slots.stream()
                .filter(slot -> slot.current() == null && slot.serves(file.run()) && !file.avoids(slot.worker()))
                .findFirst()
                .orElse(null);
    }

    /** Has every free slot look for files. */
    void wakeAll() {
        List.copyOf(slots).forEach(Slot::wake);
    }
}
