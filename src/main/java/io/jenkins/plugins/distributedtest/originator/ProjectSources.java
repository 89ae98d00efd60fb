package io.jenkins.plugins.distributedtest.originator;

import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.sync.OfferingHost;
import io.jenkins.plugins.distributedtest.sync.SourceOffer;
import io.jenkins.plugins.distributedtest.sync.SourceOffers;
import io.jenkins.plugins.distributedtest.sync.SyncException;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import java.nio.file.Path;
import java.util.Map;

/** From a run's settings to the offer of its sources. */
final class ProjectSources {
    private ProjectSources() {}

    /** The offer; one that the settings make impossible fails when it is prepared. */
    static SourceOffer offer(EventLoop loop, String runId, Path directory, RunSettings settings) {
        try {
            return SourceOffers.create(loop, runId, directory, settings.sync(), OfferingHost.local(Map.of()));
        } catch (SyncException e) {
            return new Refused(e);
        }
    }

    /** Settings that are wrong: known at once, told in the same way as a tree that cannot be pushed. */
    private record Refused(SyncException why) implements SourceOffer {
        @Override
        public void prepare() throws SyncException {
            throw why;
        }

        @Override
        public SyncSpec spec() {
            throw new IllegalStateException("Not prepared", why);
        }

        @Override
        public void attach(BrokerSession session) {}

        @Override
        public void detach() {}

        @Override
        public void close() {}
    }
}
