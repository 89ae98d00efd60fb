package io.jenkins.plugins.distributedtest.jenkins.executors;

/** An executor of a run, from being asked for to its end. A seat of a {@link CrewPlan}, which alone changes it. */
final class Seat {
    /** Where it stands. */
    enum Phase {
        /** It waits in the queue. */
        WAITING,
        /** It is there, and its listener is being started. */
        STARTING,
        /** Its listener runs. */
        SERVING,
        /** Its listener has been asked to end. */
        LEAVING
    }

    final int number;
    final int entry;
    /** The id of its listener. */
    final String listener;
    /** When it was asked for. */
    final double asked;

    Phase phase = Phase.WAITING;
    /** Since when it is in its phase. */
    double since;
    /** The node, for people; null before it has come. */
    String place;
    /** Whether its listener has taken part. */
    boolean joined;
    /** Whether it has run a file. */
    boolean worked;
    /** Since when its listener takes no part any more; NaN while it does. */
    double absent = Double.NaN;

    Seat(int number, int entry, String listener, double now) {
        this.number = number;
        this.entry = entry;
        this.listener = listener;
        this.asked = now;
        this.since = now;
    }

    void enter(Phase next, double now) {
        phase = next;
        since = now;
    }

    /** Whether its listener can still be expected to take part. */
    boolean isComing() {
        return phase != Phase.LEAVING && !joined;
    }
}
