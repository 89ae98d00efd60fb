package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import io.jenkins.plugins.distributedtest.wire.gorgon.GorgonMessage;
import java.nio.file.Path;

/** Makes the offer of each kind. */
public final class SourceOffers {
    private SourceOffers() {}

    /**
     * Makes an offer. Nothing is read or sent before {@link SourceOffer#prepare()}.
     *
     * @param loop the loop that the offer lives on once it is prepared
     * @param runId the run
     * @param project name of the project, for people
     * @param directory the project's directory
     * @param options how the sources are offered
     * @throws SyncException of kind REFUSED if an option is wrong
     */
    public static SourceOffer create(
            EventLoop loop, String runId, String project, Path directory, SyncOptions options) throws SyncException {
        ExcludePatterns exclude = ExcludePatterns.of(options.exclude());
        Path cache = options.cacheDirectory();
        return switch (options.kind()) {
            case CONTENT -> new ContentOffer(loop, runId, exclude.patterns(), options.maxContentBytes(), () -> {
                Manifest manifest = TreeDigest.scan(directory, exclude, cacheFile(directory, cache));
                return new ContentOffer.Prepared(manifest, BlobSource.of(directory, manifest));
            });
            case RSYNC -> {
                if (options.rsync() == null) {
                    throw new SyncException(
                            SyncException.Kind.REFUSED,
                            "Sync kind rsync needs the host of a file server: set file_server.host, or choose another"
                                    + " kind");
                }
                // Looked at now, so that a wrong host is an error before anything is read.
                Rsync.address(options.rsync(), "x");
                yield new RsyncOffer(directory, options.rsync(), exclude, cache);
            }
            case GIT -> new GitOffer(directory, options.gitUrl(), options.gitRef(), exclude, options.gitProtocols());
            case NONE -> new NoneOffer(directory, exclude, cache);
        };
    }

    /**
     * Offers content that was read elsewhere.
     *
     * @param loop the loop that the offer lives on
     * @param runId the run
     * @param manifest the tree, as {@link TreeDigest} took it where it is
     * @param exclude the patterns it was taken with
     * @param source where content is read from
     * @param maxContentBytes how many bytes listeners may lack
     */
    public static SourceOffer content(
            EventLoop loop,
            String runId,
            Manifest manifest,
            ExcludePatterns exclude,
            BlobSource source,
            long maxContentBytes) {
        return new ContentOffer(
                loop, runId, exclude.patterns(), maxContentBytes, () -> new ContentOffer.Prepared(manifest, source));
    }

    /**
     * What a job definition in Gorgon's dialect says of the sources.
     *
     * @param sync of kind {@code rsync}
     * @return exclude, transport and source, which a Ruby listener pulls
     * @throws IllegalArgumentException for another kind, which Ruby listeners do not know
     */
    public static GorgonMessage.Sync gorgon(SyncSpec sync) {
        if (sync.kind() != SyncSpec.Kind.RSYNC) {
            throw new IllegalArgumentException("Gorgon's listeners know sync kind rsync only, not " + sync.kind());
        }
        return new GorgonMessage.Sync(sync.exclude(), sync.transport(), sync.source());
    }

    /**
     * What a Gorgon job definition says of the sources, for {@link SourceFetcher}; there is no digest to compare.
     *
     * @param sync as it came
     */
    public static SyncSpec ofGorgon(GorgonMessage.Sync sync) {
        return new SyncSpec(
                SyncSpec.Kind.RSYNC, sync.exclude(), null, sync.sourceTreePath(), null, sync.rsyncTransport(), null,
                null);
    }

    /** Where digests of a directory's files are remembered; null if nowhere. */
    static Path cacheFile(Path directory, Path cacheDirectory) {
        if (cacheDirectory == null) {
            return null;
        }
        String key = RsyncFetch.key(directory.toAbsolutePath().normalize().toString());
        return cacheDirectory.resolve("digests").resolve(key);
    }
}
