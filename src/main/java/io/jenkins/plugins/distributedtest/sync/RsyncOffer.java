package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Sync kind {@code rsync}, the originator's side: takes the tree's digest and pushes the tree to the file server. */
final class RsyncOffer extends BrokerlessOffer {
    /** So often a tree is pushed again that has changed meanwhile. */
    private static final int MAX_PUSHES = 3;
    /** As many of the files that change are named. */
    private static final int NAMED = 5;

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
        Path cacheFile = SourceOffers.cacheFile(directory, cache);
        Manifest manifest = TreeDigest.scan(directory, exclude, cacheFile);
        for (int pushes = 1; ; pushes++) {
            push(address, patterns);
            Manifest after = TreeDigest.scan(directory, exclude, cacheFile);
            if (after.digest().equals(manifest.digest())) {
                return spec(address, patterns, manifest);
            }
            if (pushes == MAX_PUSHES) {
                throw new SyncException(
                        SyncException.Kind.FAILED,
                        "The sources change while they are pushed: "
                                + String.join(", ", after.differences(manifest, NAMED))
                                + ". Exclude what is written meanwhile (job.sync.exclude), or let what writes it end first");
            }
            manifest = after;
        }
    }

    private SyncSpec spec(String address, List<String> patterns, Manifest manifest) {
        String transport = server instanceof Sync.OverSsh ? "ssh" : "anonymous";
        return new SyncSpec(SyncSpec.Kind.RSYNC, patterns, manifest.digest(), address, null, transport, null, null);
    }

    private void push(String address, List<String> patterns) throws SyncException, InterruptedException {
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
    }
}
