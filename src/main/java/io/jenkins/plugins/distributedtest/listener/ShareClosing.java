package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The part of a {@link RunShare} that brings it to its end: processes are killed at most once, the workers are closed
 * once, and what is said after that is said once.
 */
final class ShareClosing {
    /**
     * For closing callbacks of a run that is cancelled: shorter than its originator waits for the farewell
     * ({@code RunEnding.GOODBYE_WITH_CALLBACKS}), with room for what is between.
     */
    static final Duration CANCEL_LIMIT = Duration.ofSeconds(8);
    /** As long as Gorgon's own manager gives its workers after a cancel: nobody waits for the farewell. */
    static final Duration GORGON_CANCEL_LIMIT = Duration.ofSeconds(20);

    private static final Duration NO_LIMIT = Duration.ofDays(365);

    private final String run;
    private final Consumer<ShareEffect> effects;
    /** What is said when the workers are closed; null if it was said before, or nobody is there to hear it. */
    private Ending farewell;

    private Duration limit = NO_LIMIT;
    private boolean mayRejoin;
    private boolean killed;
    private boolean begun;
    private boolean over;

    /**
     * @param run the run, for people
     * @param mayRejoin whether it may be joined again, unless told otherwise
     * @param effects where to put what is to be done
     */
    ShareClosing(String run, boolean mayRejoin, Consumer<ShareEffect> effects) {
        this.run = run;
        this.mayRejoin = mayRejoin;
        this.effects = effects;
    }

    /** Something is to be said when the workers are closed. */
    void sayWhenClosed(Ending ending) {
        farewell = ending;
    }

    /** The preparation has ended without a result while all was being closed: a callback of its own may have failed. */
    void unprepared(Ending why) {
        if (farewell != null && why.reason() == NativeMessage.Left.Reason.CALLBACK_FAILED) {
            farewell = why;
        }
    }

    /** Whether something is to be said still, for which its originator waits. */
    boolean owesFarewell() {
        return farewell != null && !over;
    }

    /** Whether the run may be joined again when this share is gone. */
    void mayRejoin(boolean may) {
        mayRejoin = may;
    }

    /** Closing callbacks that have not begun get no more time than this. */
    void limit(Duration shorter) {
        limit = shorter.compareTo(limit) < 0 ? shorter : limit;
    }

    /** Everything of the run is to be killed. */
    void killAll() {
        if (!killed) {
            killed = true;
            effects.accept(new ShareEffect.StopAll(limit));
        }
    }

    /** What some slots run is to be killed. */
    void kill(Set<Integer> slots) {
        if (!slots.isEmpty()) {
            effects.accept(new ShareEffect.StopSlots(slots, limit));
        }
    }

    /** Nothing runs any more: the workers are to be closed. */
    void begin() {
        if (!begun) {
            begun = true;
            effects.accept(new ShareEffect.Close(limit));
        }
    }

    /**
     * The workers are closed.
     *
     * @param failure what failed meanwhile; null if nothing did
     * @return false if they have not been asked to close, or have been closed before
     */
    boolean end(Ending failure) {
        if (!begun || over) {
            return false;
        }
        over = true;
        if (failure != null) {
            effects.accept(new ShareEffect.Problem("In run " + run + ": " + failure.problem()));
        }
        if (farewell != null) {
            effects.accept(new ShareEffect.TellLeft(failure == null ? farewell : failure));
        }
        effects.accept(new ShareEffect.Gone(mayRejoin));
        return true;
    }
}
