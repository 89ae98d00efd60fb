package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;

/** The originator's side of the kinds of sync in which the broker plays no part: all that is to be made is the spec. */
abstract class BrokerlessOffer implements SourceOffer {
    private volatile SyncSpec spec;

    /** Does what the kind needs and says how listeners get the sources. */
    abstract SyncSpec offer() throws SyncException, InterruptedException;

    @Override
    public final void prepare() throws SyncException, InterruptedException {
        spec = offer();
    }

    @Override
    public final SyncSpec spec() {
        if (spec == null) {
            throw new IllegalStateException("The sources are not prepared");
        }
        return spec;
    }

    @Override
    public final void attach(BrokerSession session) {
        spec();
    }

    @Override
    public final void detach() {
        // Nothing is attached.
    }

    @Override
    public final void close() {
        // What was made stays, so that the next run has less to do.
    }
}
