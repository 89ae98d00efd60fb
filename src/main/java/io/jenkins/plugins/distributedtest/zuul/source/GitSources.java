package io.jenkins.plugins.distributedtest.zuul.source;

import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import io.jenkins.plugins.distributedtest.zuul.SafeText;
import io.jenkins.plugins.distributedtest.zuul.exec.ProcessContext;
import io.jenkins.plugins.distributedtest.zuul.exec.ProcessExit;
import io.jenkins.plugins.distributedtest.zuul.exec.Processes;
import io.jenkins.plugins.distributedtest.zuul.exec.Stopper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * Gets the sources of jobs with git, from a bare mirror of each project that is kept between jobs. A job fetches what
 * it needs into the mirror, under the mirror's lock; its own tree borrows the mirror's objects, so that it costs a
 * checkout and no clone. No thread waits meanwhile.
 */
public final class GitSources {
    /** What git inherits of this program's environment: how to reach servers, nothing that a request can set. */
    private static final List<String> INHERITED = List.of(
            "PATH",
            "HOME",
            "USER",
            "LOGNAME",
            "TMPDIR",
            "SSH_AUTH_SOCK",
            "GIT_SSH_COMMAND",
            "GIT_CONFIG_GLOBAL",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "NO_PROXY",
            "http_proxy",
            "https_proxy",
            "no_proxy");

    /** Its time is that of the last use of a mirror. */
    static final String LOCK = "distributed-test.lock";

    private final Processes processes;
    private final SourceSettings settings;
    private final RepositoryLocks locks;
    private final Map<String, String> environment = new TreeMap<>();

    /**
     * @param processes runs git
     * @param settings how
     * @param mark variables that mark the processes of this program
     */
    public GitSources(Processes processes, SourceSettings settings, Map<String, String> mark) {
        this.processes = processes;
        this.settings = settings;
        this.locks = new RepositoryLocks(processes.loop(), processes.pool());
        INHERITED.forEach(name -> {
            if (System.getenv(name) != null) {
                environment.put(name, System.getenv(name));
            }
        });
        environment.put("GIT_TERMINAL_PROMPT", "0");
        environment.put("GIT_ALLOW_PROTOCOL", String.join(":", settings.protocols()));
        environment.putIfAbsent("GIT_SSH_COMMAND", "ssh -o BatchMode=yes -o ConnectTimeout=15");
        environment.put("LC_ALL", "C.UTF-8");
        environment.putAll(mark);
    }

    /** The settings. */
    public SourceSettings settings() {
        return settings;
    }

    /**
     * Checks sources out.
     *
     * @param revision what
     * @param tree where; made
     * @param context of the task; its log receives what git prints
     * @return the commit, or a {@link SourceException} for what may go better another time; on the loop
     */
    public CompletableFuture<String> checkOut(Revision revision, Path tree, ProcessContext context) {
        return new Checkout(this, revision, tree, context).start();
    }

    /** Where the mirror of a project is: a readable name, told apart by a digest from those that look the same. */
    public Path mirrorOf(String project) {
        String readable = project.replaceAll("[^A-Za-z0-9._-]", "-");
        return settings.mirrors()
                .resolve(readable.substring(0, Math.min(60, readable.length())) + "-" + digest(project));
    }

    private static String digest(String text) {
        try {
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sum, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    CompletableFuture<Runnable> lock(Path mirror, Stopper stopper) {
        return locks.take(mirror.resolve(LOCK), settings.timeout(), stopper);
    }

    CompletableFuture<Void> later(Duration pause) {
        CompletableFuture<Void> due = new CompletableFuture<>();
        processes.loop().schedule(pause, () -> due.complete(null));
        return due;
    }

    Processes processes() {
        return processes;
    }

    /** Runs git in a directory. */
    CompletableFuture<ProcessExit> git(
            ProcessContext context, Path directory, Map<String, String> more, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("git", "-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0"));
        command.addAll(arguments);
        if (context.log() != null) {
            context.log().line("[running git " + SafeText.printableWhole(String.join(" ", arguments)) + "]");
        }
        ProcessSpec spec = ProcessSpec.of(command)
                .directory(directory)
                .cleanEnvironment()
                .environment(environment)
                .environment(more);
        return processes.run(spec, context, settings.timeout());
    }
}
