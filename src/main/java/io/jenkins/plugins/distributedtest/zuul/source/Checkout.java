package io.jenkins.plugins.distributedtest.zuul.source;

import io.jenkins.plugins.distributedtest.zuul.InvalidRequestException;
import io.jenkins.plugins.distributedtest.zuul.exec.ProcessContext;
import io.jenkins.plugins.distributedtest.zuul.exec.ProcessExit;
import io.jenkins.plugins.distributedtest.zuul.exec.Stopper;
import io.jenkins.plugins.distributedtest.zuul.exec.TimedLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/**
 * Fetches and checks out the sources of one job. Under the mirror's lock: make the mirror if there is none, fetch the ref (from each URL
 * in turn, each several times), find the commit, and let the job's tree borrow the mirror's objects, branches and tags. Then,
 * without the lock: check the commit out on a branch {@code working}, with its submodules, and verify that it is the commit
 * that Zuul means.
 */
final class Checkout {
    /** So many of the refs that jobs have fetched are kept, so that later fetches need not bring the same again. */
    private static final int KEPT_REFS = 100;

    /** What git, curl and ssh say when there is no server, or none that answers. */
    private static final Pattern UNREACHABLE = Pattern.compile(
            "(?i)could not resolve|couldn.t resolve|unable to look up|name or service not known|connection refused"
                    + "|connection timed out|connection reset|network is unreachable|no route to host|unable to connect"
                    + "|failed to connect|operation timed out|host key verification failed");

    /** What git says of submodules that the change itself has wrong, and that no other attempt can fetch. */
    private static final Pattern WRONG_SUBMODULES = Pattern.compile(
            "(?i)bad config|no url found|no submodule mapping|not our ref|did not contain|invalid submodule"
                    + "|transport '[^']*' not allowed|ignoring suspicious|refusing to");

    private static final String REFS = "refs/distributed-test/";

    private final GitSources sources;
    private final Revision revision;
    private final Path tree;
    private final ProcessContext context;
    private final TimedLog log;
    private final Stopper stopper;
    private final Path mirror;
    /** Sorts by age. */
    private final String ref = REFS + String.format("%013d-%s", System.currentTimeMillis(), UUID.randomUUID());

    private String commit;

    Checkout(GitSources sources, Revision revision, Path tree, ProcessContext context) {
        this.sources = sources;
        this.revision = revision;
        this.tree = tree;
        this.context = context;
        this.log = context.log();
        this.stopper = context.stopper();
        mirror = sources.mirrorOf(revision.project());
    }

    CompletableFuture<String> start() {
        return sources.lock(mirror, stopper)
                .thenCompose(release -> locked().whenComplete((done, problem) -> release.run()))
                .thenCompose(done -> checkOut())
                .thenApply(done -> commit);
    }

    private CompletableFuture<Void> locked() {
        return sources.processes()
                .pool()
                .submit(() -> Files.setLastModifiedTime(mirror.resolve(GitSources.LOCK), FileTime.from(Instant.now())))
                .thenCompose(
                        used -> must("The mirror cannot be made", mirror, "init", "-q", "--bare", "--template=", "."))
                .thenCompose(made -> fetch(0, 0, 0))
                .thenCompose(fetched -> find())
                .thenCompose(found -> prune())
                .thenCompose(pruned -> borrow());
    }

    /** Asks each URL for each ref; when all have failed, once more after a pause. */
    private CompletableFuture<Void> fetch(int attempt, int url, int wanted) {
        stopper.check();
        String from = revision.urls().get(url);
        String what = revision.refs().get(wanted);
        return git(
                        mirror,
                        Map.of(),
                        "fetch",
                        "-q",
                        "--no-tags",
                        "--no-write-fetch-head",
                        "--prune",
                        "--force",
                        "--",
                        from,
                        "+" + what + ":" + ref,
                        "+refs/heads/*:refs/remotes/origin/*",
                        "+refs/tags/*:refs/tags/*")
                .thenCompose(ended -> hasCommit(ended)
                        .thenCompose(has -> has
                                ? CompletableFuture.completedFuture((Void) null)
                                : next(attempt, url, wanted, ended)));
    }

    private CompletableFuture<Void> next(int attempt, int url, int wanted, ProcessExit ended) {
        if (wanted + 1 < revision.refs().size()) {
            return fetch(attempt, url, wanted + 1);
        }
        if (url + 1 < revision.urls().size()) {
            return fetch(attempt, url + 1, 0);
        }
        SourceSettings settings = sources.settings();
        if (attempt >= settings.retries()) {
            String failure = "Failed to fetch " + revision.refs().get(0) + " of " + revision.project() + ": "
                    + (ended.ok() ? "commit " + revision.commit() + " is not there" : ended.lastLine());
            throw ended.timedOut() || UNREACHABLE.matcher(ended.output()).find()
                    ? new UnreachableException(failure)
                    : new SourceException(failure);
        }
        Duration pause = settings.pause().multipliedBy(1L << Math.min(attempt, 10));
        log.line("[trying again in " + pause.toMillis() / 1000.0 + " s]");
        return sources.later(pause).thenCompose(due -> fetch(attempt + 1, 0, 0));
    }

    private CompletableFuture<Boolean> hasCommit(ProcessExit fetched) {
        if (!fetched.ok()) {
            return CompletableFuture.completedFuture(false);
        }
        if (revision.commit() == null) {
            return CompletableFuture.completedFuture(true);
        }
        return quiet(mirror, "cat-file", "-e", revision.commit() + "^{commit}").thenApply(ProcessExit::ok);
    }

    private CompletableFuture<Void> find() {
        return resolve(revision.commit() == null ? ref : revision.commit())
                .thenCompose(found -> {
                    commit = found;
                    return revision.expected() == null
                            ? CompletableFuture.completedFuture(found)
                            : resolve(revision.expected());
                })
                .thenAccept(expected -> {
                    if (!expected.equals(commit)) {
                        throw differs(commit);
                    }
                });
    }

    private SourceException differs(String found) {
        return new SourceException(revision.refs().get(0) + " of " + revision.project() + " is commit " + found
                + ", but Zuul means " + revision.expected());
    }

    /** The commit that a name leads to, through a tag if need be. */
    private CompletableFuture<String> resolve(String name) {
        return quiet(mirror, "rev-parse", "-q", "--verify", "--end-of-options", name + "^{commit}")
                .thenApply(ended -> {
                    if (!ended.ok()) {
                        throw name.equals(revision.expected())
                                ? differs(commit)
                                : new SourceException(name + " is not a commit of " + revision.project());
                    }
                    return ended.output().strip();
                });
    }

    private CompletableFuture<Void> prune() {
        return quiet(mirror, "for-each-ref", "--sort=-refname", "--format=%(refname)", REFS)
                .thenCompose(ended -> {
                    List<String> old = ended.output()
                            .lines()
                            .filter(name -> name.startsWith(REFS))
                            .skip(KEPT_REFS)
                            .toList();
                    CompletableFuture<ProcessExit> last = CompletableFuture.completedFuture(null);
                    for (String name : old) {
                        last = last.thenCompose(any -> quiet(mirror, "update-ref", "-d", name));
                    }
                    return last;
                })
                .thenAccept(done -> {});
    }

    private CompletableFuture<Void> borrow() {
        return must("The tree cannot be made", mirror, "init", "-q", "--template=", "--", tree.toString())
                .thenCompose(made -> sources.processes().pool().submit(() -> {
                    Path file = tree.resolve(".git/objects/info/alternates");
                    Files.createDirectories(file.getParent());
                    Files.writeString(file, mirror.toAbsolutePath().resolve("objects") + "\n");
                    return null;
                }))
                .thenCompose(made -> must(
                        "The tree cannot be made",
                        tree,
                        "config",
                        "remote.origin.url",
                        revision.urls().get(0)))
                // The mirror is a path of our own choosing, reached by git's file protocol whatever a URL may use.
                .thenCompose(made -> git(
                        tree,
                        Map.of("GIT_ALLOW_PROTOCOL", "file"),
                        "fetch",
                        "-q",
                        "--no-tags",
                        "--no-write-fetch-head",
                        "--",
                        mirror.toAbsolutePath().toString(),
                        "+" + ref + ":" + ref,
                        "+refs/tags/*:refs/tags/*",
                        "+refs/remotes/origin/*:refs/remotes/origin/*"))
                .thenAccept(ended -> orFail("Branches and tags cannot be copied", ended));
    }

    private CompletableFuture<Void> checkOut() {
        return must(
                        "Commit " + commit + " cannot be checked out",
                        tree,
                        "checkout",
                        "-q",
                        "--force",
                        "-B",
                        "working",
                        commit)
                .thenCompose(done -> submodules())
                .thenCompose(done -> quiet(tree, "rev-parse", "HEAD"))
                .thenAccept(head -> {
                    if (!head.output().strip().equals(commit)) {
                        throw differs(head.output().strip());
                    }
                    log.line("[checked out " + revision.project() + " at " + commit + "]");
                });
    }

    private CompletableFuture<Void> submodules() {
        if (!sources.settings().submodules() || !Files.exists(tree.resolve(".gitmodules"))) {
            return CompletableFuture.completedFuture(null);
        }
        return git(tree, Map.of(), "submodule", "--quiet", "update", "--init", "--recursive")
                .thenAccept(ended -> {
                    String failure = "The submodules cannot be fetched: " + ended.lastLine();
                    if (!ended.ok()
                            && !ended.timedOut()
                            && WRONG_SUBMODULES.matcher(ended.output()).find()) {
                        throw new InvalidRequestException(failure);
                    }
                    orFail("The submodules cannot be fetched", ended);
                });
    }

    private CompletableFuture<Void> must(String failure, Path directory, String... arguments) {
        return sources.processes()
                .pool()
                .submit(() -> Files.createDirectories(directory))
                .thenCompose(made -> git(directory, Map.of(), arguments))
                .thenAccept(ended -> orFail(failure, ended));
    }

    private void orFail(String failure, ProcessExit ended) {
        if (!ended.ok()) {
            throw new SourceException(failure + ": " + ended.lastLine());
        }
    }

    private CompletableFuture<ProcessExit> git(Path directory, Map<String, String> more, String... arguments) {
        return sources.git(context, directory, more, List.of(arguments));
    }

    /** Runs git to ask something; the answer is no news for the log. */
    private CompletableFuture<ProcessExit> quiet(Path directory, String... arguments) {
        return sources.git(context.quiet(), directory, Map.of(), List.of(arguments));
    }
}
