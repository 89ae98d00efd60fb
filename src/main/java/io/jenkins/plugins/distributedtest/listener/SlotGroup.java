package io.jenkins.plugins.distributedtest.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** All slots of a listener, and whose turn it is. Lives on the event loop. */
final class SlotGroup {
    private final List<Slot> slots = new ArrayList<>();
    private final Map<JoinedRun, Place> places = new HashMap<>();
    private long ticks;

    /** What a run has had of the slots. */
    private static final class Place {
        private final Avoidance avoidance = new Avoidance();
        private long lastServed;
    }

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

    /** A slot by its number. */
    Slot get(int number) {
        return slots.get(number - 1);
    }

    /**
     * All slots take files of a run from now on.
     *
     * @param feeds makes a slot's way to them
     */
    void join(JoinedRun run, Function<Slot, FileFeed> feeds) {
        places.put(run, new Place());
        slots.forEach(slot -> slot.join(run, feeds.apply(slot)));
    }

    /** No slot takes more files of a run. Those that run go on. */
    void leave(JoinedRun run) {
        slots.forEach(slot -> slot.leave(run));
        places.remove(run);
    }

    /** A file of a run is begun now: the other runs come first next time. */
    void serving(JoinedRun run) {
        places.get(run).lastServed = ++ticks;
    }

    /** Some runs that slots take files of, the one that was served longest ago first. */
    List<JoinedRun> inTurn(Collection<JoinedRun> runs) {
        List<JoinedRun> turn = new ArrayList<>(runs);
        turn.sort(Comparator.comparingLong(run -> places.get(run).lastServed));
        return turn;
    }

    /**
     * How long to leave a file to other workers before looking again.
     *
     * @param now the time, in nanoseconds of a clock that does not go backwards
     * @return null if they have had their time
     */
    Duration avoidance(HeldFile file, long now) {
        return places.get(file.run()).avoidance.pause(file.file().path(), file.lease(), now);
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
