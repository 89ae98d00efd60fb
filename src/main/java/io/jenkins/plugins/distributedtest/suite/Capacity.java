package io.jenkins.plugins.distributedtest.suite;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The slots that a run had, and when: listeners join late and leave early, and a slot that was not there could not have
 * helped.
 *
 * @param changes how the number of slots changed, in order of time
 */
record Capacity(List<Change> changes) {
    /**
     * A listener comes or goes.
     *
     * @param offset when, in seconds from when the first one came
     * @param slots how many slots more, or less where negative
     */
    record Change(double offset, int slots) {}

    /** Copies the changes. */
    Capacity {
        changes = List.copyOf(changes);
    }

    /** The slots of the listeners that became ready. */
    static Capacity of(RunReport report) {
        List<ListenerReport> ready = report.listeners().stream()
                .filter(one -> !Double.isNaN(one.joinedOffset()))
                .toList();
        double first =
                ready.stream().mapToDouble(ListenerReport::joinedOffset).min().orElse(0);
        List<Change> changes = new ArrayList<>();
        for (ListenerReport one : ready) {
            changes.add(new Change(one.joinedOffset() - first, one.slots()));
            if (one.leftOffset() >= one.joinedOffset()) {
                changes.add(new Change(one.leftOffset() - first, -one.slots()));
            }
        }
        changes.sort(Comparator.comparingDouble(Change::offset));
        return new Capacity(changes);
    }

    /**
     * The least time in which the slots can do so much work, in seconds. Where they all went before it was done (what
     * ran elsewhere is not known), those that were there at most would have stayed; 0 without slots.
     *
     * @param work seconds of work, which may be shared out at will
     */
    double secondsFor(double work) {
        double left = work;
        double at = 0;
        int slots = 0;
        int most = 0;
        for (Change change : changes) {
            double could = slots * (change.offset() - at);
            if (slots > 0 && could >= left) {
                return at + left / slots;
            }
            left -= could;
            at = change.offset();
            slots += change.slots();
            most = Math.max(most, slots);
        }
        int stay = slots > 0 ? slots : most;
        return stay == 0 ? 0 : at + left / stay;
    }
}
