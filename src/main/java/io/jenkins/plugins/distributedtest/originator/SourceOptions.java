package io.jenkins.plugins.distributedtest.originator;

import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.sync.SourceOffer;
import io.jenkins.plugins.distributedtest.sync.SourceOffers;
import io.jenkins.plugins.distributedtest.sync.SshOptions;
import io.jenkins.plugins.distributedtest.sync.SyncException;
import io.jenkins.plugins.distributedtest.sync.SyncOptions;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import java.nio.file.Path;
import java.util.Map;

/** From a run's settings to the offer of its sources. */
final class SourceOptions {
    private SourceOptions() {}

    /** The offer; one that the settings make impossible fails when it is prepared. */
    static SourceOffer offer(EventLoop loop, String runId, Path directory, RunSettings settings) {
        try {
            return SourceOffers.create(loop, runId, settings.project(), directory, options(settings.sync(), Map.of()));
        } catch (SyncException e) {
            return new Refused(e);
        }
    }

    /**
     * How the sources of a run are offered.
     *
     * @param sync the run's settings
     * @param environment variables for the processes that offer them
     */
    static SyncOptions options(RunSettings.Sync sync, Map<String, String> environment) {
        boolean ssh = "ssh".equals(sync.rsyncTransport());
        SyncOptions.FileServer server = sync.kind() != SyncSpec.Kind.RSYNC || sync.rsyncHost() == null
                ? null
                : new SyncOptions.FileServer(
                        sync.rsyncHost(),
                        sync.rsyncPort(),
                        sync.rsyncModule(),
                        ssh,
                        new SshOptions(path(sync.rsyncKeyFile()), path(sync.sshConfig()), sync.anyHostKey()));
        return new SyncOptions(
                sync.kind(),
                sync.exclude(),
                server,
                sync.gitUrl(),
                sync.gitRef(),
                sync.gitProtocols(),
                sync.maxContentBytes(),
                cache(),
                environment);
    }

    private static Path path(String file) {
        return file == null ? null : Path.of(file);
    }

    /** Where digests of unchanged files are remembered: the user's cache directory. */
    private static Path cache() {
        String configured = System.getenv("XDG_CACHE_HOME");
        Path base = configured == null || configured.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".cache")
                : Path.of(configured);
        return base.resolve("distributed-test");
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
