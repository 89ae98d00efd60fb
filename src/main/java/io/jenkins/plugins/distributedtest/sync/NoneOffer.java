package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import java.nio.file.Path;

/** Sync kind {@code none}, the originator's side: says where the tree is, and its digest. */
final class NoneOffer extends BrokerlessOffer {
    private final Path directory;
    private final ExcludePatterns exclude;
    private final Path cacheDirectory;

    NoneOffer(Path directory, ExcludePatterns exclude, Path cacheDirectory) {
        this.directory = directory;
        this.exclude = exclude;
        this.cacheDirectory = cacheDirectory;
    }

    @Override
    SyncSpec offer() throws SyncException, InterruptedException {
        Manifest manifest = TreeDigest.scan(directory, exclude, SourceOffers.cacheFile(directory, cacheDirectory));
        // As configured, links and all: a shared disk may be mounted elsewhere on each host, behind the same link.
        String path = directory.toAbsolutePath().normalize().toString();
        return new SyncSpec(SyncSpec.Kind.NONE, exclude.patterns(), manifest.digest(), path, null, null, null, null);
    }
}
