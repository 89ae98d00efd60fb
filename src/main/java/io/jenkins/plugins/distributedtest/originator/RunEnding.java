package io.jenkins.plugins.distributedtest.originator;

import com.rabbitmq.client.ShutdownSignalException;
import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import io.jenkins.plugins.distributedtest.amqp.ReliablePublisher;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.wire.CallbackSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a run ends: listeners are told and have a bounded time to say goodbye, then everything that belongs to
 * the run is taken from the broker, once, and the run is finished. Lives on the loop.
 *
 * <p>After a run that has all its results, listeners whose workers are still at what tests do at their end (the teardown of
 * a session, exit hooks) show that they are alive, and are waited for: it may fail the run yet.
 */
final class RunEnding {
    /** How long listeners may take to say goodbye to a run that has all its results. */
    static final Duration GOODBYE = Duration.ofSeconds(30);
    /** How long they may take when the run was cut short. */
    static final Duration GOODBYE_WHEN_CUT_SHORT = Duration.ofSeconds(4);

    /** How long listeners may take that still bring files back. */
    private static final Duration BRINGING = Duration.ofMinutes(10);
    /** How long listeners may take that are alive: longer than each limits what its workers do at their end. */
    private static final Duration ENDING = Duration.ofHours(1);
    /** How often it is looked at whether they do. */
    private static final Duration LOOK = Duration.ofSeconds(2);

    /** How long then, where they have closing callbacks to run. */
    static final Duration GOODBYE_WITH_CALLBACKS = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(RunEnding.class);

    private final RunParts parts;
    private final BrokerLink link;
    private final LinkOwner owner;
    private final Runnable finished;
    /** When it began, in nanoseconds. */
    private long began;

    private boolean toldOfEnding;
    private boolean cancelled;
    private boolean goodbyeSent;
    private boolean cleaning;
    private boolean done;

    /** @param finished runs once, on the loop, when nothing of the run is left on the broker */
    RunEnding(RunParts parts, BrokerLink link, LinkOwner owner, Runnable finished) {
        this.parts = parts;
        this.link = link;
        this.owner = owner;
        this.finished = finished;
    }

    /** Whether the run is finished, or let go of. */
    boolean isDone() {
        return done;
    }

    /** There will be no end here: another takes the run up. */
    void forgo() {
        cleaning = true;
        done = true;
    }

    /** The run has just ended. */
    void begin() {
        RunState state = parts.state();
        Duration patience = state.end() == RunEnd.COMPLETED ? GOODBYE : whenCutShort();
        began = System.nanoTime();
        // First, so that the run finishes whatever goes wrong from here on.
        parts.loop().schedule(patience, this::cleanUpUnlessBusy);
        if (link.session() != null) {
            sayGoodbye();
        } else if (!state.isPublished()) {
            cleanUp();
        }
    }

    private Duration whenCutShort() {
        CallbackSpec callbacks = parts.settings().callbacks();
        return callbacks != null && callbacks.closesOnListeners() ? GOODBYE_WITH_CALLBACKS : GOODBYE_WHEN_CUT_SHORT;
    }

    /** Somebody cancels what is left of a run that has its results: listeners are to stop what their workers still do. */
    void cancel(String reason) {
        if (!cancelled && !cleaning && link.session() != null) {
            cancelled = true;
            parts.dialogue().sayGoodbye(link.publisher(), RunEnd.CANCELLED, reason);
            parts.loop().schedule(whenCutShort(), this::cleanUpUnlessBusy);
        }
    }

    /** Tells the listeners; to be called again after a reconnect. */
    void sayGoodbye() {
        RunState state = parts.state();
        if (done) {
            return;
        }
        if (!state.isPublished()) {
            cleanUp();
            return;
        }
        if (state.end() != RunEnd.COMPLETED) {
            link.purge();
        }
        ReliablePublisher current = link.publisher();
        parts.dialogue().sayGoodbye(current, state.end(), reason());
        current.whenDrained(() -> {
            if (link.publisher() == current) {
                goodbyeSent = true;
                cleanUpWhenAlone();
            }
        });
    }

    private String reason() {
        RunState state = parts.state();
        return switch (state.end()) {
            case FAILED_FAST -> "as many files failed as fail-fast allows";
            case CANCELLED, ERROR -> state.problem();
            default -> "";
        };
    }

    /** A listener may have said goodbye. */
    void cleanUpWhenAlone() {
        if (goodbyeSent && !parts.state().awaitsGoodbye()) {
            cleanUp();
        }
    }

    /** Their time is over, unless it is known what they still do. */
    private void cleanUpUnlessBusy() {
        if (!cleaning && goodbyeSent && (isBringing() || isEnding())) {
            parts.loop().schedule(LOOK, this::cleanUpUnlessBusy);
            return;
        }
        if (!cleaning && goodbyeSent) {
            long waited = Duration.ofNanos(System.nanoTime() - began).toSeconds();
            owner.perform(parts.state().natives().withoutGoodbye(owner.now(), waited));
        }
        cleanUp();
    }

    private boolean isBringing() {
        RunEnd end = parts.state().end();
        boolean whole = end == RunEnd.COMPLETED || end == RunEnd.FAILED_FAST;
        return whole && parts.collector().isBusy() && System.nanoTime() - began < BRINGING.toNanos();
    }

    private boolean isEnding() {
        List<ListenerState> ending = parts.state().natives().ending(owner.now());
        boolean waits = parts.state().end() == RunEnd.COMPLETED
                && !cancelled
                && !ending.isEmpty()
                && System.nanoTime() - began < ENDING.toNanos();
        if (waits && !toldOfEnding) {
            toldOfEnding = true;
            owner.perform(ending.stream()
                    .<Effect>map(
                            each -> new Effect.Notify(new RunEvent.ListenerEnding(owner.now(), each.id, each.host)))
                    .toList());
        }
        return waits;
    }

    /** Takes everything of the run from the broker, once. */
    private void cleanUp() {
        if (cleaning) {
            return;
        }
        cleaning = true;
        Duration linger =
                link.session() == null ? Duration.ZERO : parts.dialogue().linger(parts.state());
        Runnable then = () -> parts.collector().close(this::finish);
        if (linger.isZero()) {
            then.run();
        } else {
            parts.loop().schedule(linger, then);
        }
    }

    private void finish() {
        if (done) {
            return;
        }
        done = true;
        try {
            closeOffer();
            delete();
            link.close();
        } finally {
            finished.run();
        }
    }

    private void closeOffer() {
        try {
            parts.offer().close();
        } catch (RuntimeException e) {
            LOG.warn("The sources of run {} could not be taken back: {}", parts.runId(), e.toString());
        }
    }

    private void delete() {
        BrokerSession session = link.session();
        if (session == null || !session.isOpen()) {
            return;
        }
        try {
            parts.dialogue().delete(session, parts.state().end());
        } catch (IOException | ShutdownSignalException e) {
            LOG.warn("The queues of run {} could not be deleted: {}", parts.runId(), e.toString());
        }
    }
}
