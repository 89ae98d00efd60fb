package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.files.DirectoryLock;
import io.jenkins.plugins.distributedtest.files.Sha256;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Sync kind {@code rsync}, the listener's side. A tree is kept for each project and source; a job pulls into it, so
 * that only what has changed since the last job travels, then its workspace is laid out as a copy of it. A lock keeps
 * jobs of the same project from pulling into each other's copying.
 */
final class RsyncFetch {
    private final JobSource job;
    private final FetcherSettings settings;
    private final long deadline;

    /**
     * @param deadline when the fetch is given up, in {@link System#nanoTime}
     */
    RsyncFetch(JobSource job, FetcherSettings settings, long deadline) {
        this.job = job;
        this.settings = settings;
        this.deadline = deadline;
    }

    LaidOutTree fetch(Path workspace) throws SyncException, InterruptedException {
        SyncSpec sync = job.sync();
        boolean ssh = "ssh".equals(sync.transport());
        Rsync.check(sync.source(), ssh);
        // Gorgon's peers may send patterns that only rsync knows: without a digest, rsync alone reads them.
        ExcludePatterns exclude =
                sync.treeDigest() == null ? ExcludePatterns.nothing() : ExcludePatterns.of(sync.exclude());
        List<String> patterns = sync.treeDigest() == null ? gorgonExclude(sync.exclude()) : exclude.patterns();
        Rsync.Transport transport = new Rsync.Transport(ssh, settings.ssh());
        Path kept = settings.workDirectory().resolve("trees").resolve(key(job.project(), sync.source()));
        try (DirectoryLock lock = KeptTrees.lock(kept, deadline)) {
            Path tree = kept.resolve("tree");
            Manifest manifest = pull(sync, patterns, exclude, transport, tree, kept.resolve("digests"));
            TreeLayout layout = new TreeLayout(workspace, job.before(), manifest, Workspaces.Content.of(tree));
            layout.needed();
            List<Manifest.Entry> bad = layout.layOut();
            if (!bad.isEmpty()) {
                throw new SyncException(
                        SyncException.Kind.FAILED,
                        "The kept tree " + tree + " was changed while it was copied: "
                                + bad.get(0).path());
            }
            return layout.done();
        }
    }

    private Manifest pull(
            SyncSpec sync,
            List<String> patterns,
            ExcludePatterns exclude,
            Rsync.Transport transport,
            Path tree,
            Path digests)
            throws SyncException, InterruptedException {
        makeDirectory(tree);
        String failure = "The sources cannot be pulled from " + sync.source();
        Tool.run(
                Rsync.mirror(sync.source(), tree.toString(), patterns, transport, false),
                Tool.until(deadline),
                failure);
        Manifest manifest = TreeDigest.scan(tree, exclude, digests);
        if (sync.treeDigest() == null || manifest.digest().equals(sync.treeDigest())) {
            return manifest;
        }
        // A kept file can differ from its source in content alone, which rsync sees only when told to look.
        Tool.run(
                Rsync.mirror(sync.source(), tree.toString(), patterns, transport, true), Tool.until(deadline), failure);
        manifest = TreeDigest.scan(tree, exclude, digests);
        if (!manifest.digest().equals(sync.treeDigest())) {
            throw new SyncException(
                    SyncException.Kind.TREE_DIFFERS,
                    "The tree on the file server (" + sync.source()
                            + ") is not the originator's any more: it has digest "
                            + manifest.digest() + ", not " + sync.treeDigest() + ". Were files changed, or was another"
                            + " run begun in the same directory, while this one was starting? Start the run again");
        }
        return manifest;
    }

    /** Only the one check that keeps a pattern an argument of {@code --exclude}. */
    private static List<String> gorgonExclude(List<String> patterns) throws SyncException {
        for (String pattern : patterns) {
            if (pattern == null || pattern.indexOf('\0') >= 0 || pattern.length() > ExcludePatterns.MAX_LENGTH) {
                throw new SyncException(
                        SyncException.Kind.REFUSED, "Not an exclude pattern: " + Paths.printable(pattern));
            }
        }
        return patterns;
    }

    private static void makeDirectory(Path directory) throws SyncException {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new SyncException(SyncException.Kind.FAILED, directory + " cannot be made: " + e.getMessage(), e);
        }
    }

    /** Names what is kept for a project and source. */
    static String key(String... parts) {
        byte[] bytes = String.join("\0", parts).getBytes(StandardCharsets.UTF_8);
        return Sha256.of(bytes, 0, bytes.length).toString().substring(0, 32);
    }
}
