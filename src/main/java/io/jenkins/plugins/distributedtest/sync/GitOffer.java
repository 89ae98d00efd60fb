package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.process.CommandResult;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Sync kind {@code git}, the originator's side: finds out which commit listeners are to fetch. Without a ref that is
 * the commit that is checked out, and then nothing may differ from it, since listeners would not get the difference.
 * With a ref it is what the repository at the URL has under it.
 */
final class GitOffer extends BrokerlessOffer {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final int NAMED = 10;

    private final Path directory;
    private final String configuredUrl;
    private final String ref;
    private final ExcludePatterns exclude;
    private final Git git;

    GitOffer(Path directory, String url, String ref, ExcludePatterns exclude, Git git) {
        this.directory = directory;
        this.configuredUrl = url;
        this.ref = ref;
        this.exclude = exclude;
        this.git = git;
    }

    @Override
    SyncSpec offer() throws SyncException, InterruptedException {
        String url = configuredUrl == null ? origin() : configuredUrl;
        Git.checkUrl(url);
        String commit = ref == null ? checkedOut() : remote(url);
        String fetch = ref == null ? branch() : ref;
        return new SyncSpec(SyncSpec.Kind.GIT, exclude.patterns(), commit, url, fetch, null, null, null);
    }

    private String origin() throws SyncException, InterruptedException {
        return git.run(
                directory,
                TIMEOUT,
                "There is no remote \"origin\" to fetch from: set the git URL (job.sync.git_url)",
                "config",
                "--get",
                "remote.origin.url");
    }

    private String checkedOut() throws SyncException, InterruptedException {
        String top = git.run(
                directory,
                TIMEOUT,
                directory + " is not in a git repository: choose another kind of sync",
                "rev-parse",
                "--show-toplevel");
        checkTop(Path.of(top));
        checkClean();
        return git.run(
                directory,
                TIMEOUT,
                "There is no commit yet",
                "rev-parse",
                "--verify",
                "--end-of-options",
                "HEAD^{commit}");
    }

    private void checkTop(Path top) throws SyncException {
        try {
            if (!top.toRealPath().equals(directory.toRealPath())) {
                throw new SyncException(
                        SyncException.Kind.REFUSED,
                        "With sync kind git a run starts at the top of the repository, " + top + ", not in " + directory
                                + ": start it there, or choose another kind of sync");
            }
        } catch (IOException e) {
            throw new SyncException(SyncException.Kind.FAILED, "Cannot look at " + top, e);
        }
    }

    private void checkClean() throws SyncException, InterruptedException {
        String status = Tool.run(
                git.spec(directory, "status", "--porcelain", "-z", "--untracked-files=all"),
                TIMEOUT,
                "git cannot say what has changed");
        List<String> dirty = dirty(status);
        if (!dirty.isEmpty()) {
            List<String> named = dirty.stream().limit(NAMED).toList();
            throw new SyncException(
                    SyncException.Kind.REFUSED,
                    dirty.size() + " files differ from the commit that listeners would fetch: "
                            + String.join(
                                    ", ", named.stream().map(Paths::printable).toList())
                            + (dirty.size() > NAMED ? ", …" : "")
                            + ". Commit and push them, exclude them, or choose sync kind content",
                    "",
                    named,
                    null);
        }
    }

    /** Paths of {@code git status --porcelain -z}, without those that are excluded. */
    private List<String> dirty(String status) {
        List<String> dirty = new ArrayList<>();
        String[] fields = status.split("\0");
        for (int i = 0; i < fields.length; i++) {
            if (fields[i].length() < 4) {
                continue;
            }
            String path = fields[i].substring(3);
            if (fields[i].charAt(0) == 'R' || fields[i].charAt(0) == 'C') {
                i++; // the old name follows
            }
            if (!exclude.excludesOrParent(path, false)) {
                dirty.add(path);
            }
        }
        return dirty;
    }

    /** The branch that is checked out, as a help for listeners whose server does not hand out commits by id. */
    private String branch() throws SyncException, InterruptedException {
        CommandResult result = git.attempt(directory, TIMEOUT, "symbolic-ref", "-q", "--short", "HEAD");
        String name = result.stdout().strip();
        return result.ok() && !name.isEmpty() ? name : null;
    }

    private String remote(String url) throws SyncException, InterruptedException {
        if (Git.isCommit(ref)) {
            return ref;
        }
        Git.checkRef(ref);
        String found = git.run(
                directory,
                TIMEOUT,
                "The git repository " + Git.withoutSecret(url) + " cannot be asked",
                "ls-remote",
                "--",
                url,
                ref,
                ref + "^{}");
        // refs/heads/x, refs/tags/x and, for an annotated tag, refs/tags/x^{}, which is the commit itself
        return List.of("refs/tags/" + ref + "^{}", ref + "^{}", "refs/heads/" + ref, "refs/tags/" + ref, ref).stream()
                .flatMap(name -> found.lines().filter(line -> line.endsWith("\t" + name)))
                .map(line -> line.substring(0, line.indexOf('\t')))
                .filter(Git::isCommit)
                .findFirst()
                .orElseThrow(() -> new SyncException(
                        SyncException.Kind.REFUSED,
                        "The git repository " + Git.withoutSecret(url) + " has no branch or tag " + ref));
    }
}
