package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import java.io.IOException;
import java.util.List;

/**
 * What one run's dialect makes of the things that a {@link WorkerManager} has to say and to ask. Lives on the event
 * loop.
 */
interface RunLink {
    /** {@code native} or {@code gorgon}, for people. */
    String dialect();

    /**
     * Whether the originator is a Ruby one: it does not tell us when the run is over, so that an empty queue has to do;
     * and it counts the {@code finish} messages, so that each file that was started must have one.
     */
    boolean isRuby();

    /** The files queue of a run in Gorgon's dialect; null for a native one. */
    String gorgonQueue();

    /** Whom to tell when the run's entities turn out to be gone; called once, before all else. */
    void onGone(Runnable action);

    /**
     * The connection stands (again).
     *
     * @throws IOException if it does not any more
     */
    void attach(BrokerSession session) throws IOException;

    /** The connection is lost. */
    void detach();

    /** A new way for a slot to the run's files. */
    FileFeed feed(WorkerManager run, Slot slot);

    /**
     * The originator has spoken.
     *
     * @return whether files can be taken that could not before
     */
    boolean originatorSeen();

    /** More files may have come. */
    void refill();

    /** We take part and are about to sync. */
    void preparing();

    /** We take files from now on. */
    void ready(String treeDigest, double syncSeconds);

    /** A worker begins a file. */
    void started(Slot slot, HeldFile file);

    /** A worker has ended a file that it had {@linkplain #started started}, possibly by cancelling it. */
    void finished(Slot slot, HeldFile file, FileResult result);

    /** We are alive. */
    void heartbeat(List<NativeMessage.Heartbeat.Running> running);

    /**
     * We take no (further) part.
     *
     * @param callback the callback that failed, if one did; null otherwise
     */
    void left(NativeMessage.Left.Reason reason, String callback, String problem, String output);

    /** The originator is gone for good: removes what it left behind at the broker. */
    void deleteEntities();

    /** Ends what the link holds at the broker. */
    void close();
}
