package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import java.nio.file.Path;

/** Sync kind {@code none}, the originator's side: says where the tree is, and its digest. */
final class NoneOffer implements SourceOffer {
    private final Path directory;
    private final ExcludePatterns exclude;
    private final Path cacheDirectory;
    private volatile SyncSpec spec;

    NoneOffer(Path directory, ExcludePatterns exclude, Path cacheDirectory) {
        this.directory = directory;
        this.exclude = exclude;
        this.cacheDirectory = cacheDirectory;
    }

    @Override
    public void prepare() throws SyncException, InterruptedException {
        Manifest manifest = TreeDigest.scan(directory, exclude, SourceOffers.cacheFile(directory, cacheDirectory));
        // As configured, links and all: a shared disk may be mounted elsewhere on each host, behind the same link.
        String path = directory.toAbsolutePath().normalize().toString();
        spec = new SyncSpec(SyncSpec.Kind.NONE, exclude.patterns(), manifest.digest(), path, null, null, null, null);
    }

    @Override
    public SyncSpec spec() {
        if (spec == null) {
            throw new IllegalStateException("The sources are not prepared");
        }
        return spec;
    }

    @Override
    public void attach(BrokerSession session) {
        spec();
    }

    @Override
    public void detach() {
        // The broker plays no part in this kind.
    }

    @Override
    public void close() {
        // Nothing was made.
    }
}
