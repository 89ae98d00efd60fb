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
     * @param loop the loop that the offer lives on once it is prepared; only {@link Sync.Content} needs one
     * @param runId the run
     * @param directory the project's directory
     * @param sync how the sources travel
     * @param host what this machine has for that
     * @throws SyncException of kind REFUSED if an option is wrong
     */
    public static SourceOffer create(EventLoop loop, String runId, Path directory, Sync sync, OfferingHost host)
            throws SyncException {
        ExcludePatterns exclude = ExcludePatterns.of(sync.exclude());
        Path cache = host.cacheDirectory();
        if (sync instanceof Sync.Content content) {
            return new ContentOffer(loop, runId, exclude.patterns(), content.maxBytes(), () -> {
                Manifest manifest = travelling(directory, exclude, cache);
                return new ContentOffer.Prepared(manifest, BlobSource.of(directory, manifest));
            });
        } else if (sync instanceof Sync.Rsync rsync) {
            // Looked at now, so that a wrong host is an error before anything is read.
            Rsync.address(rsync.server(), "x");
            return new RsyncOffer(directory, rsync.server(), exclude, host);
        } else if (sync instanceof Sync.Git git) {
            return new GitOffer(directory, git.url(), git.ref(), exclude, new Git(git.protocols(), host.environment()));
        }
        return new NoneOffer(directory, exclude, cache);
    }

    /**
     * Offers content that is read elsewhere.
     *
     * @param loop the loop that the offer lives on
     * @param runId the run
     * @param sync what is left out, and how many bytes listeners may lack
     * @param tree takes the tree's manifest where the tree is, and reads its content
     * @param reading runs the reading of content, one task of an offer at a time, which may block for as long as a read
     *     takes
     * @throws SyncException of kind REFUSED if a pattern is wrong
     */
    public static SourceOffer content(
            EventLoop loop, String runId, Sync.Content sync, RemoteTree tree, Executor reading) throws SyncException {
        return new ContentOffer(
                loop,
                runId,
                ExcludePatterns.of(sync.exclude()).patterns(),
                sync.maxBytes(),
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
        return travelling(directory, ExcludePatterns.of(exclude), cacheDirectory)
                .text();
    }

    private static Manifest travelling(Path directory, ExcludePatterns exclude, Path cache)
            throws SyncException, InterruptedException {
        return TravellingLinks.of(TreeDigest.scan(directory, exclude, cacheFile(directory, cache)), directory);
    }

    /**
     * What a job definition in Gorgon's dialect says of the sources.
     *
     * @param sync a specification of kind {@link SyncSpec.Kind#RSYNC}
     * @return exclude, transport and source, which a Ruby listener pulls
     * @throws IllegalArgumentException for another kind, which Ruby listeners do not know
     */
    public static GorgonMessage.Sync gorgon(SyncSpec sync) {
        if (sync.kind() != SyncSpec.Kind.RSYNC) {
            throw new IllegalArgumentException("Gorgon's listeners know sync kind rsync only, not " + sync.kind());
        }
        return new GorgonMessage.Sync(sync.exclude(), sync.transport(), sync.source());
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
