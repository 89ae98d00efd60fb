package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Sync kind {@code rsync}, the originator's side: takes the tree's digest and pushes the tree to the file server. */
final class RsyncOffer extends BrokerlessOffer {
    private static final Duration PUSH_TIMEOUT = Duration.ofHours(1);

    private final Path directory;
    private final SyncOptions.FileServer server;
    private final ExcludePatterns exclude;
    private final Path cacheDirectory;
    private final Map<String, String> environment;

    RsyncOffer(
            Path directory,
            SyncOptions.FileServer server,
            ExcludePatterns exclude,
            Path cacheDirectory,
            Map<String, String> environment) {
        this.environment = environment;
        this.directory = directory;
        this.server = server;
        this.exclude = exclude;
        this.cacheDirectory = cacheDirectory;
    }

    @Override
    SyncSpec offer() throws SyncException, InterruptedException {
        String address = Rsync.address(server, Place.of(directory, cacheDirectory));
        List<String> patterns = exclude.patterns();
        Manifest manifest = TreeDigest.scan(directory, exclude, SourceOffers.cacheFile(directory, cacheDirectory));
        Tool.run(
                Rsync.mirror(
                                directory.toAbsolutePath().toString(),
                                address,
                                patterns,
                                new Rsync.Transport(server.ssh(), server.access()),
                                false)
                        .environment(environment),
                PUSH_TIMEOUT,
                "The sources cannot be pushed to " + address
                        + (server.ssh() ? "" : "; is its rsync daemon running (distributed-test start-rsync)?"));
        return new SyncSpec(
                SyncSpec.Kind.RSYNC,
                patterns,
                manifest.digest(),
                address,
                null,
                server.ssh() ? "ssh" : "anonymous",
                null,
                null);
    }
}
