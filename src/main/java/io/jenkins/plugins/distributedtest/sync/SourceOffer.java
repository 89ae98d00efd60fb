package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import java.io.IOException;

/**
 * One run's sources, offered to listeners: the originator's side of a sync. Its life:
 * <ol>
 *   <li>{@link #prepare()}, once, on a thread that may block: the tree is read, its digest taken, the tree pushed.
 *   <li>{@link #spec()} goes into the job definition.
 *   <li>{@link #attach} after every connect to the broker, before the job definition is published; {@link #detach} when
 *       the connection is gone. Kind {@code content} answers requests in between; the others do nothing here.
 *   <li>{@link #close()}, when the run is over.
 * </ol>
 */
public interface SourceOffer extends AutoCloseable {
    /**
     * Reads the tree and makes it available. Blocks for as long as that takes; ends early when interrupted.
     *
     * @throws SyncException if a setting is wrong, the tree cannot be read, or it cannot be pushed
     * @throws InterruptedException when interrupted; child processes are gone then
     */
    void prepare() throws SyncException, InterruptedException;

    /**
     * What listeners need to know.
     *
     * @throws IllegalStateException before {@link #prepare()} has returned
     */
    SyncSpec spec();

    /**
     * Starts (again) to answer listeners. On the event loop.
     *
     * @param session the connection, open
     * @throws IOException if the broker refuses; the session is of no use then
     */
    void attach(BrokerSession session) throws IOException;

    /**
     * The connection is gone. What was asked for and not delivered is answered after the next {@link #attach}. On the
     * event loop.
     */
    void detach();

    /** Ends the offer and removes what it declared at the broker. On the event loop; may be called twice. */
    @Override
    void close();
}
