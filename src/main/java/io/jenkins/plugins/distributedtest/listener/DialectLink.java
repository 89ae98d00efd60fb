package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import io.jenkins.plugins.distributedtest.collect.CollectLine;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import java.io.IOException;
import java.util.List;

/**
 * What one run's dialect makes of the things that a {@link JoinedRun} has to say and to ask. Lives on the event
 * loop.
 */
interface DialectLink {
    /** {@code native} or {@code gorgon}, for people. */
    String dialect();

    /**
     * Whether an empty files queue, or none any more, is all that tells that the run is over: a Ruby originator does
     * not say so.
     */
    boolean endsWhenEmpty();

    /**
     * Whether each file that was told as started must be told as finished, even when we have left: a Ruby originator
     * counts the {@code finish} messages and waits for as many as it has files.
     */
    boolean owesEveryFinish();

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
    FileFeed feed(JoinedRun run, Slot slot);

    /**
     * The originator has spoken.
     *
     * @return whether files can be taken that could not before
     */
    boolean originatorSeen();

    /** More files may have come. */
    void refill();

    /** The line for what tests leave behind, if the run wants that brought back; null otherwise. */
    default CollectLine collecting() {
        return null;
    }

    /** We take part and are about to sync. */
    void preparing();

    /** We take files from now on. */
    void ready(String treeDigest, double syncSeconds);

    /** A worker begins a file. */
    void started(Slot slot, HeldFile file);

    /** Whether the originator takes cases before the end of their file. */
    boolean takesCases();

    /**
     * Cases of a file that a worker has {@linkplain #started started} have ended, which its result will not have; only
     * where the originator {@linkplain #takesCases takes} them.
     *
     * @param sent to be called when they are on their way
     */
    void cases(Slot slot, HeldFile file, List<TestCase> cases, Runnable sent);

    /** A worker has ended a file that it had {@linkplain #started started}, possibly by cancelling it. */
    void finished(Slot slot, HeldFile file, FileResult result);

    /** We are alive. */
    void heartbeat(List<NativeMessage.Heartbeat.Running> running);

    /** We take no (further) part. */
    void left(Ending ending);

    /** The originator is gone for good: removes what it left behind at the broker. */
    void deleteEntities();

    /** Ends what the link holds at the broker. */
    void close();
}
