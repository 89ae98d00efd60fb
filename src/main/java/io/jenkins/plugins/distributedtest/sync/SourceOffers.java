package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import io.jenkins.plugins.distributedtest.wire.gorgon.GorgonMessage;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;

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
    public static SourceOffer create(EventLoop loop, String runId, String project, Path directory, SyncOptions options)
            throws SyncException {
        ExcludePatterns exclude = ExcludePatterns.of(options.exclude());
        Path cache = options.cacheDirectory();
        return switch (options.kind()) {
            case CONTENT ->
                new ContentOffer(loop, runId, exclude.patterns(), options.maxContentBytes(), () -> {
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
                yield new RsyncOffer(directory, options.rsync(), exclude, cache, options.environment());
            }
            case GIT ->
                new GitOffer(
                        directory,
                        options.gitUrl(),
                        options.gitRef(),
                        exclude,
                        new Git(options.gitProtocols(), options.environment()));
            case NONE -> new NoneOffer(directory, exclude, cache);
        };
    }

    /**
     * Offers content that is read elsewhere.
     *
     * @param loop the loop that the offer lives on
     * @param runId the run
     * @param exclude patterns of what is left out of the tree
     * @param maxContentBytes how many bytes listeners may lack; 0 for the default
     * @param tree takes the tree's manifest where the tree is, and reads its content
     * @param reading runs the reading of content, one task of an offer at a time, which may block for as long as a read
     *     takes
     * @throws SyncException of kind REFUSED if a pattern is wrong
     */
    public static SourceOffer content(
            EventLoop loop, String runId, List<String> exclude, long maxContentBytes, RemoteTree tree, Executor reading)
            throws SyncException {
        return new ContentOffer(
                loop,
                runId,
                ExcludePatterns.of(exclude).patterns(),
                maxContentBytes <= 0 ? SyncOptions.DEFAULT_MAX_CONTENT_BYTES : maxContentBytes,
                () -> {
                    Manifest manifest = Manifest.parse(tree.manifest());
                    return new ContentOffer.Prepared(manifest, tree.content(manifest));
                },
                reading);
    }

    /** Offers content of a manifest that is there already. */
    static SourceOffer content(
            EventLoop loop,
            String runId,
            Manifest manifest,
            ExcludePatterns exclude,
            BlobSource source,
            long maxContentBytes) {
        return new ContentOffer(
                loop, runId, exclude.patterns(), maxContentBytes, () -> new ContentOffer.Prepared(manifest, source));
    }

    /** A tree that is not on this machine. */
    public interface RemoteTree {
        /**
         * Takes the tree's manifest, or gives the one that was taken before. May block.
         *
         * @return its canonical text
         */
        byte[] manifest() throws SyncException, InterruptedException;

        /**
         * Reads the tree's content.
         *
         * @param manifest the manifest, checked
         */
        BlobSource content(Manifest manifest);
    }

    /**
     * Offers sources whose broker has no part in it, prepared elsewhere.
     *
     * @param preparing prepares them and says how listeners get them; may block
     */
    public static SourceOffer elsewhere(Elsewhere preparing) {
        return new BrokerlessOffer() {
            @Override
            SyncSpec offer() throws SyncException, InterruptedException {
                return preparing.prepare();
            }
        };
    }

    /** Prepares sources on another machine. */
    @FunctionalInterface
    public interface Elsewhere {
        /** Blocks for as long as that takes; ends early when interrupted. */
        SyncSpec prepare() throws SyncException, InterruptedException;
    }

    /**
     * Takes the manifest of a directory of this machine, for another one to offer.
     *
     * @param directory the directory
     * @param exclude patterns of what is left out
     * @param cacheDirectory where digests of unchanged files are remembered; null for nowhere
     * @return its canonical text
     * @throws SyncException if a pattern is wrong or the tree cannot be read
     * @throws InterruptedException when interrupted
     */
    public static byte[] manifest(Path directory, List<String> exclude, Path cacheDirectory)
            throws SyncException, InterruptedException {
        return TreeDigest.scan(directory, ExcludePatterns.of(exclude), cacheFile(directory, cacheDirectory))
                .text();
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
                SyncSpec.Kind.RSYNC,
                sync.exclude(),
                null,
                sync.sourceTreePath(),
                null,
                sync.rsyncTransport(),
                null,
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
