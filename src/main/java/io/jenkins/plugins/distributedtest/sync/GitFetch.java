package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.files.DirectoryLock;
import io.jenkins.plugins.distributedtest.process.CommandResult;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Sync kind {@code git}, the listener's side. A bare mirror is kept for each URL; a job fetches its commit into it
 * unless it is there, then its workspace becomes a clone that shares the mirror's objects, with exactly that commit
 * checked out, submodules included.
 */
final class GitFetch {
    private final JobSource job;
    private final FetcherSettings settings;
    private final long deadline;
    private final Git git;

    /**
     * @param deadline when the fetch is given up, in {@link System#nanoTime}
     */
    GitFetch(JobSource job, FetcherSettings settings, long deadline) {
        this.job = job;
        this.settings = settings;
        this.deadline = deadline;
        this.git = new Git(settings.gitProtocols());
    }

    /** Returns the commit. */
    String fetch(Path workspace) throws SyncException, InterruptedException {
        SyncSpec sync = job.sync();
        String commit = sync.treeDigest();
        if (!Git.isCommit(commit)) {
            throw new SyncException(SyncException.Kind.REFUSED, "Not a commit: " + Paths.printable(commit));
        }
        Git.checkUrl(sync.source());
        if (sync.ref() != null && !Git.isCommit(sync.ref())) {
            Git.checkRef(sync.ref());
        }
        Path kept = settings.workDirectory().resolve("git").resolve(RsyncFetch.key(sync.source()));
        Path mirror = kept.resolve("mirror.git");
        try (DirectoryLock lock = KeptTrees.lock(kept, deadline)) {
            makeMirror(mirror);
            fetchCommit(mirror, sync, commit);
        }
        checkOut(mirror, workspace, sync.source(), commit);
        return commit;
    }

    private Duration left() {
        return Tool.until(deadline);
    }

    private void makeMirror(Path mirror) throws SyncException, InterruptedException {
        try {
            Files.createDirectories(mirror);
        } catch (IOException e) {
            throw new SyncException(SyncException.Kind.FAILED, mirror + " cannot be made: " + e.getMessage(), e);
        }
        // Harmless on one that is there; repairs one that was left half made.
        git.run(mirror, left(), mirror + " cannot be made", "init", "-q", "--bare", "--template=", ".");
    }

    private boolean has(Path mirror, String commit) throws SyncException, InterruptedException {
        // rev-list looks at more than the commit: a fetch that was killed can leave one without its tree
        return git.attempt(mirror, left(), "cat-file", "-e", commit + "^{tree}").ok()
                && git.attempt(mirror, left(), "rev-parse", "-q", "--verify", keptRef(commit))
                        .ok();
    }

    private static String keptRef(String commit) {
        return "refs/distributed-test/" + commit;
    }

    private void fetchCommit(Path mirror, SyncSpec sync, String commit) throws SyncException, InterruptedException {
        if (has(mirror, commit)) {
            return;
        }
        CommandResult byId = fetch(mirror, sync.source(), List.of("+" + commit + ":" + keptRef(commit)));
        if (byId.ok()) {
            return;
        }
        // Some servers hand out only what a branch or tag points to.
        CommandResult all = fetch(
                mirror, sync.source(), List.of("+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"));
        if (!all.ok()) {
            throw Tool.failed("The git repository " + Git.withoutSecret(sync.source()) + " cannot be fetched", all);
        }
        if (!git.attempt(mirror, left(), "cat-file", "-e", commit + "^{tree}").ok()) {
            throw new SyncException(
                    SyncException.Kind.FAILED,
                    "The git repository " + Git.withoutSecret(sync.source()) + " does not have commit " + commit
                            + (sync.ref() == null ? "" : " (" + Paths.printable(sync.ref()) + ")")
                            + ": push it, or choose sync kind content");
        }
        git.run(mirror, left(), "The commit cannot be kept", "update-ref", keptRef(commit), commit);
    }

    private CommandResult fetch(Path mirror, String url, List<String> refspecs)
            throws SyncException, InterruptedException {
        String[] arguments = new String[6 + refspecs.size()];
        System.arraycopy(
                new String[] {"fetch", "-q", "--no-tags", "--no-write-fetch-head", "--", url}, 0, arguments, 0, 6);
        for (int i = 0; i < refspecs.size(); i++) {
            arguments[6 + i] = refspecs.get(i);
        }
        return git.attempt(mirror, left(), arguments);
    }

    private void checkOut(Path mirror, Path workspace, String url, String commit)
            throws SyncException, InterruptedException {
        Path parent = workspace.toAbsolutePath().getParent();
        // The mirror is a path of our own choosing, reached by git's file protocol whatever a URL may use.
        git.run(
                parent,
                left(),
                "The workspace cannot be made",
                "init",
                "-q",
                "--template=",
                "--",
                workspace.toAbsolutePath().toString());
        borrowObjects(mirror, workspace);
        git.run(workspace, left(), "The workspace cannot be made", "config", "remote.origin.url", url);
        git.run(
                workspace,
                left(),
                "Commit " + commit + " cannot be checked out",
                "-c",
                "advice.detachedHead=false",
                "checkout",
                "-q",
                "--force",
                "--detach",
                commit);
        if (Files.exists(workspace.resolve(".gitmodules"))) {
            git.run(
                    workspace,
                    left(),
                    "The submodules of commit " + commit + " cannot be fetched",
                    "submodule",
                    "--quiet",
                    "update",
                    "--init",
                    "--recursive");
        }
        String head = git.run(workspace, left(), "The workspace cannot be looked at", "rev-parse", "HEAD");
        String status = git.run(
                workspace,
                left(),
                "The workspace cannot be looked at",
                "status",
                "--porcelain",
                "--untracked-files=no");
        if (!head.equals(commit) || !status.isEmpty()) {
            List<String> paths = status.lines()
                    .limit(10)
                    .map(line -> line.strip().replaceFirst("^\\S+\\s+", ""))
                    .toList();
            throw new SyncException(
                    SyncException.Kind.TREE_DIFFERS,
                    "What was checked out is not commit " + commit + ": " + String.join(", ", paths),
                    status,
                    paths,
                    null);
        }
    }

    private static void borrowObjects(Path mirror, Path workspace) throws SyncException {
        Path file = workspace.resolve(".git/objects/info/alternates");
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, mirror.toAbsolutePath().resolve("objects") + "\n");
        } catch (IOException e) {
            throw new SyncException(SyncException.Kind.FAILED, file + " cannot be written: " + e.getMessage(), e);
        }
    }
}
