package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Sync kind {@code rsync}, the originator's side: takes the tree's digest and pushes the tree to the file server. */
final class RsyncOffer implements SourceOffer {
    private static final Duration PUSH_TIMEOUT = Duration.ofHours(1);

    private final Path directory;
    private final SyncOptions.FileServer server;
    private final ExcludePatterns exclude;
    private final Path cacheDirectory;
    private volatile SyncSpec spec;

    RsyncOffer(Path directory, SyncOptions.FileServer server, ExcludePatterns exclude, Path cacheDirectory) {
        this.directory = directory;
        this.server = server;
        this.exclude = exclude;
        this.cacheDirectory = cacheDirectory;
    }

    @Override
    public void prepare() throws SyncException, InterruptedException {
        String address = Rsync.address(server, Place.of(directory, cacheDirectory));
        List<String> patterns = exclude.patterns();
        Manifest manifest = TreeDigest.scan(directory, exclude, SourceOffers.cacheFile(directory, cacheDirectory));
        Tool.run(
                Rsync.mirror(
                        directory.toAbsolutePath().toString(),
                        address,
                        patterns,
                        new Rsync.Transport(server.ssh(), server.access()),
                        false),
                PUSH_TIMEOUT,
                "The sources cannot be pushed to " + address
                        + (server.ssh() ? "" : "; is its rsync daemon running (distributed-test start-rsync)?"));
        spec = new SyncSpec(
                SyncSpec.Kind.RSYNC, patterns, manifest.digest(), address, null, server.ssh() ? "ssh" : "anonymous",
                null, null);
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
        // The place stays, so that the next run pushes only what has changed.
    }
}
