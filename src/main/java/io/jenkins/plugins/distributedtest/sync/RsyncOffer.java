package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Sync kind {@code rsync}, the originator's side: takes the tree's digest and pushes the tree to the file server. */
final class RsyncOffer extends BrokerlessOffer {
    private static final Duration PUSH_TIMEOUT = Duration.ofHours(1);

    private final Path directory;
    private final Sync.FileServer server;
    private final ExcludePatterns exclude;
    private final OfferingHost host;

    RsyncOffer(Path directory, Sync.FileServer server, ExcludePatterns exclude, OfferingHost host) {
        this.directory = directory;
        this.server = server;
        this.exclude = exclude;
        this.host = host;
    }

    @Override
    SyncSpec offer() throws SyncException, InterruptedException {
        Path cache = host.cacheDirectory();
        String address = Rsync.address(server, WorkingCopyName.of(directory, cache));
        List<String> patterns = exclude.patterns();
        Manifest manifest = TreeDigest.scan(directory, exclude, SourceOffers.cacheFile(directory, cache));
        boolean ssh = server instanceof Sync.OverSsh;
        Tool.run(
                Rsync.mirror(
                                directory.toAbsolutePath().toString(),
                                address,
                                patterns,
                                new Rsync.Transport(
                                        ssh,
                                        server instanceof Sync.OverSsh through ? through.access() : SshOptions.DEFAULT),
                                false)
                        .environment(host.environment()),
                PUSH_TIMEOUT,
                "The sources cannot be pushed to " + address
                        + (ssh ? "" : "; is its rsync daemon running (distributed-test start-rsync)?"));
        return new SyncSpec(
                SyncSpec.Kind.RSYNC, patterns, manifest.digest(), address, null, ssh ? "ssh" : "anonymous", null, null);
    }
}
