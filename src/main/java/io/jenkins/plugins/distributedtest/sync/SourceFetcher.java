package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import io.jenkins.plugins.distributedtest.amqp.EventLoop;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The listener's side of a sync: gets the source tree of a job into its workspace. One per listener, for all its jobs.
 */
public final class SourceFetcher implements AutoCloseable {

    /**
     * @param loop the listener's loop
     * @param listener the listener's id
     * @param settings where and how
     */
    public SourceFetcher(EventLoop loop, String listener, FetcherSettings settings) {}

    /**
     * The broker is connected (again): fetches that are under way ask again. On the event loop.
     *
     * @param session the connection, open
     * @throws IOException if the broker refuses
     */
    public void attach(BrokerSession session) throws IOException {}

    /** The connection is gone; fetches under way wait for the next. On the event loop. */
    public void detach() {}

    /**
     * Gets a tree. Blocks, bounded by {@link FetcherSettings#timeout}; on any thread but the loop. Several may run at
     * once.
     *
     * @param job what is known of the sources
     * @param workspace an empty directory of the job's own; stays empty for kind {@code none}
     * @return the tree, whose digest is the one that the job asked for
     * @throws SyncException if it does not arrive, or another tree does
     * @throws InterruptedException when interrupted; child processes are gone then
     */
    public FetchedTree fetch(JobSource job, Path workspace) throws SyncException, InterruptedException {
        throw new SyncException(SyncException.Kind.REFUSED, "Sync is not there yet");
    }

    /** Ends fetches that are under way with an error. Harmless when repeated. */
    @Override
    public void close() {}
}
