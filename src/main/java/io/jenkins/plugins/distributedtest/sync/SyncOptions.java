package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How an originator offers its sources.
 *
 * @param kind which kind
 * @param exclude patterns of what is left out, as {@link ExcludePatterns} reads them; {@code .git} is left out anyway
 * @param rsync for {@code rsync} the file server; null otherwise
 * @param gitUrl for {@code git} the URL that listeners clone; null for the remote {@code origin} of the directory
 * @param gitRef for {@code git} a branch, tag or commit of that URL; null for the commit that is checked out
 * @param gitProtocols for {@code git} the protocols that a URL may use, as in git's {@code GIT_ALLOW_PROTOCOL}
 * @param maxContentBytes for {@code content} how many bytes listeners may lack, all together, each blob counted once
 * @param cacheDirectory where the digests of unchanged files are remembered from run to run; null for nowhere
 * @param environment variables for rsync, ssh and git on top of this process's own, such as {@code SSH_AUTH_SOCK}
 */
public record SyncOptions(
        SyncSpec.Kind kind,
        List<String> exclude,
        FileServer rsync,
        String gitUrl,
        String gitRef,
        List<String> gitProtocols,
        long maxContentBytes,
        Path cacheDirectory,
        Map<String, String> environment) {

    /** The default of {@link #maxContentBytes}: 256 MiB. */
    public static final long DEFAULT_MAX_CONTENT_BYTES = 256L << 20;

    /** The default of {@link #gitProtocols}: every one that reaches another host. */
    public static final List<String> DEFAULT_GIT_PROTOCOLS = List.of("https", "http", "ssh", "git");

    /**
     * The file server that trees are pushed to and pulled from.
     *
     * @param host its name or address; for ssh {@code user@host} too
     * @param port port of its rsync daemon, {@value #DEFAULT_PORT} as in Gorgon; not used with ssh
     * @param module module of its rsync daemon, {@value #DEFAULT_MODULE} as in Gorgon; not used with ssh
     * @param ssh whether to go through ssh rather than to the rsync daemon
     * @param access for ssh how to get through
     */
    public record FileServer(String host, int port, String module, boolean ssh, SshOptions access) {
        /** Gorgon's port of the rsync daemon. */
        public static final int DEFAULT_PORT = 43434;

        /** Gorgon's module of the rsync daemon. */
        public static final String DEFAULT_MODULE = "src";

        /** Checks that there is a host and fills in the module. */
        public FileServer {
            Objects.requireNonNull(host, "host");
            Objects.requireNonNull(access, "access");
            module = module == null ? DEFAULT_MODULE : module;
            port = port == 0 ? DEFAULT_PORT : port;
        }
    }

    /** Copies the lists, fills in the defaults. */
    public SyncOptions {
        Objects.requireNonNull(kind, "kind");
        exclude = exclude == null ? List.of() : List.copyOf(exclude);
        gitProtocols = gitProtocols == null ? DEFAULT_GIT_PROTOCOLS : List.copyOf(gitProtocols);
        environment = environment == null ? Map.of() : Map.copyOf(environment);
        maxContentBytes = maxContentBytes <= 0 ? DEFAULT_MAX_CONTENT_BYTES : maxContentBytes;
    }

    /** With the environment of this process. */
    public SyncOptions(
            SyncSpec.Kind kind,
            List<String> exclude,
            FileServer rsync,
            String gitUrl,
            String gitRef,
            List<String> gitProtocols,
            long maxContentBytes,
            Path cacheDirectory) {
        this(kind, exclude, rsync, gitUrl, gitRef, gitProtocols, maxContentBytes, cacheDirectory, Map.of());
    }

    /** A kind that needs nothing further: {@code content}, {@code none}, or {@code git} of what is checked out. */
    public static SyncOptions of(SyncSpec.Kind kind, List<String> exclude, Path cacheDirectory) {
        return new SyncOptions(kind, exclude, null, null, null, null, 0, cacheDirectory);
    }
}
