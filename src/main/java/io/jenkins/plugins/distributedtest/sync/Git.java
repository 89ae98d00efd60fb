package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.process.CommandResult;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Runs git: never asking for a password, over allowed protocols only, and with nothing from the wire that git could
 * take for an option.
 */
final class Git {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
    private static final Pattern REF = Pattern.compile("[\\p{L}\\p{N}_][\\p{L}\\p{N}_./+@=-]*");
    private static final Pattern SECRET = Pattern.compile("[a-z+]+://[^/@]*:[^/@]*@.*");
    private static final Pattern URL = Pattern.compile("[^\\s\\p{Cntrl}-][^\\p{Cntrl}]*");

    private final Map<String, String> environment;

    /** @param protocols the protocols that a URL may use */
    Git(List<String> protocols) {
        this(protocols, Map.of());
    }

    /**
     * @param protocols the protocols that a URL may use
     * @param variables variables for git on top of this process's own
     */
    Git(List<String> protocols, Map<String, String> variables) {
        String ssh = System.getenv().getOrDefault("GIT_SSH_COMMAND", "ssh -o BatchMode=yes -o ConnectTimeout=15");
        Map<String, String> all = new HashMap<>(variables);
        all.putIfAbsent("GIT_SSH_COMMAND", ssh);
        all.put("GIT_TERMINAL_PROMPT", "0");
        all.put("GIT_ALLOW_PROTOCOL", String.join(":", protocols));
        all.put("LC_ALL", "C.UTF-8");
        environment = Map.copyOf(all);
    }

    /** Whether a text is a whole commit id. */
    static boolean isCommit(String text) {
        return text != null && COMMIT.matcher(text).matches();
    }

    /**
     * Checks a URL.
     *
     * @throws SyncException of kind REFUSED if it could be an option or a command ({@code ext::…}), or holds a password
     */
    static void checkUrl(String url) throws SyncException {
        if (url == null || !URL.matcher(url).matches() || url.contains("::") || url.length() > Paths.MAX_LENGTH) {
            throw refused("Not a URL of a git repository: " + Paths.printable(url));
        }
        if (SECRET.matcher(url).matches()) {
            throw refused(
                    "The URL of the git repository " + withoutSecret(url) + " holds a password, which would travel in"
                            + " the job definition: set a URL without one and give listeners their own access (an ssh key, a"
                            + " credential helper)");
        }
    }

    /** A URL for messages. */
    static String withoutSecret(String url) {
        return Paths.printable(url).replaceFirst("://[^/@]*@", "://");
    }

    /**
     * Checks a ref.
     *
     * @throws SyncException of kind REFUSED if it is none
     */
    static void checkRef(String ref) throws SyncException {
        boolean right = REF.matcher(ref).matches()
                && !ref.contains("..")
                && !ref.contains("//")
                && !ref.contains("@{")
                && !ref.endsWith("/")
                && !ref.endsWith(".")
                && !ref.endsWith(".lock")
                && ref.length() <= 500;
        if (!right) {
            throw refused("Not a git branch, tag or commit: " + Paths.printable(ref));
        }
    }

    private static SyncException refused(String message) {
        return new SyncException(SyncException.Kind.REFUSED, message);
    }

    /** A git command in a directory. */
    ProcessSpec spec(Path directory, String... arguments) {
        List<String> command = new ArrayList<>(List.of("git", "-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0"));
        command.addAll(List.of(arguments));
        ProcessSpec spec = ProcessSpec.of(command).directory(directory).environment(environment);
        // A surrounding git (a hook that starts a run) must not decide which repository this is about.
        for (String variable : List.of("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")) {
            spec = spec.without(variable);
        }
        return spec;
    }

    /** Runs a command that must not fail; returns its standard output without the line end. */
    String run(Path directory, Duration timeout, String failure, String... arguments)
            throws SyncException, InterruptedException {
        return Tool.run(spec(directory, arguments), timeout, failure).strip();
    }

    /** Runs a command that may fail. */
    CommandResult attempt(Path directory, Duration timeout, String... arguments)
            throws SyncException, InterruptedException {
        return Tool.attempt(spec(directory, arguments), timeout);
    }
}
