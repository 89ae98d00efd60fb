package io.jenkins.plugins.distributedtest.originator;

import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import io.jenkins.plugins.distributedtest.sync.SourceOffer;
import io.jenkins.plugins.distributedtest.sync.SyncException;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Sources whose listeners need nothing. */
final class TestOffer implements SourceOffer {
    final AtomicInteger attached = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    private final Preparing preparing;

    /** What preparing does. */
    interface Preparing {
        void prepare() throws SyncException, InterruptedException;
    }

    TestOffer() {
        this(() -> {});
    }

    TestOffer(SyncException failure) {
        this(() -> {
            throw failure;
        });
    }

    TestOffer(Preparing preparing) {
        this.preparing = preparing;
    }

    @Override
    public void prepare() throws SyncException, InterruptedException {
        preparing.prepare();
    }

    @Override
    public SyncSpec spec() {
        return new SyncSpec(SyncSpec.Kind.NONE, List.of(), "digest", "/tree", null, null, null, null);
    }

    @Override
    public void attach(BrokerSession session) {
        attached.incrementAndGet();
    }

    @Override
    public void detach() {}

    @Override
    public void close() {
        closed.incrementAndGet();
    }
}
