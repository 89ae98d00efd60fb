package io.jenkins.plugins.distributedtest.originator;

import io.jenkins.plugins.distributedtest.amqp.ReliablePublisher;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/**
 * Files on their way to the files queue, and the invitation that follows them: handed to the publisher no faster than
 * the broker takes them, and no more at a time than keeps the loop responsive. Lives on the loop.
 */
final class Outbox {
    /** How many files are handed to the publisher before it has confirms, and how many per turn of the loop. */
    private static final int AHEAD = 2000;

    private static final int BATCH = 500;

    private final EventLoop loop;
    private final RunState state;
    private final Dialogue dialogue;
    private final Supplier<SyncSpec> sync;
    private final Deque<Effect.Publish> files = new ArrayDeque<>();
    /** The session's publisher; null while there is none. */
    private ReliablePublisher publisher;

    private boolean invitationDue;

    /** @param sync gives the prepared sources */
    Outbox(EventLoop loop, RunState state, Dialogue dialogue, Supplier<SyncSpec> sync) {
        this.loop = loop;
        this.state = state;
        this.dialogue = dialogue;
        this.sync = sync;
    }

    void attach(ReliablePublisher opened) {
        publisher = opened;
    }

    void detach() {
        publisher = null;
        files.clear();
    }

    void add(Effect.Publish file) {
        if (file.ahead()) {
            files.addFirst(file);
        } else {
            files.add(file);
        }
    }

    void clear() {
        files.clear();
    }

    /** Once the files are with the broker every listener is invited. */
    void inviteAfterwards() {
        invitationDue = true;
    }

    /** Hands on what can be handed on now; the rest follows by itself. */
    void pump() {
        if (publisher == null || state.hasEnded()) {
            files.clear();
            return;
        }
        boolean again = !files.isEmpty() && state.isPublished() && dialogue.invitesAgain(state);
        invitationDue |= again;
        for (int i = 0; i < BATCH && !files.isEmpty() && publisher.pending() < AHEAD; i++) {
            Effect.Publish file = files.remove();
            dialogue.publishFile(publisher, file.job(), file.ahead());
        }
        if (!files.isEmpty()) {
            goOn();
        } else if (invitationDue) {
            invitationDue = false;
            invite();
        }
    }

    private void goOn() {
        ReliablePublisher current = publisher;
        Runnable next = () -> {
            if (publisher == current) {
                pump();
            }
        };
        if (current.pending() < AHEAD) {
            loop.execute(next);
        } else {
            current.whenDrained(next);
        }
    }

    /** The files are to be there first: a Ruby worker that finds no file ends. */
    private void invite() {
        ReliablePublisher current = publisher;
        current.whenDrained(() -> {
            if (publisher == current && !state.hasEnded()) {
                dialogue.invite(current, sync.get());
            }
        });
    }
}
