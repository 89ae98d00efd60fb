package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * How the sources of a run travel, from the asking side: what is configured, before anything is read or sent. What
 * listeners are told of it is a {@link SyncSpec}. Paths are texts here: they are of the machine that offers the sources,
 * which need not be the one that plans the run.
 */
public sealed interface Sync {
    /** Patterns of what is left out, as {@link ExcludePatterns} reads them; {@code .git} is left out anyway. */
    List<String> exclude();

    /** The kind, as listeners are told it. */
    SyncSpec.Kind kind();

    /**
     * Content-addressed, through the broker.
     *
     * @param exclude patterns of what is left out
     * @param maxBytes how many bytes listeners may lack, all together, each blob counted once; 0 for the default
     */
    record Content(List<String> exclude, long maxBytes) implements Sync {
        /** The default of {@link #maxBytes}: 256 MiB. */
        public static final long DEFAULT_MAX_BYTES = 256L << 20;

        /** Copies the list, fills in the default. */
        public Content {
            exclude = List.copyOf(exclude);
            maxBytes = maxBytes <= 0 ? DEFAULT_MAX_BYTES : maxBytes;
        }

        /** With the default size. */
        public static Content of(List<String> exclude) {
            return new Content(exclude, DEFAULT_MAX_BYTES);
        }

        @Override
        public SyncSpec.Kind kind() {
            return SyncSpec.Kind.CONTENT;
        }
    }

    /**
     * Pushed to a file server with rsync, and pulled from there.
     *
     * @param exclude patterns of what is left out
     * @param server the file server
     */
    record Rsync(List<String> exclude, FileServer server) implements Sync {
        /** Copies the list. */
        public Rsync {
            exclude = List.copyOf(exclude);
            Objects.requireNonNull(server, "server");
        }

        @Override
        public SyncSpec.Kind kind() {
            return SyncSpec.Kind.RSYNC;
        }
    }

    /**
     * Cloned or fetched with git.
     *
     * @param exclude patterns of what is left out of the comparison with the commit
     * @param url the URL that listeners clone; null for the remote {@code origin} of the directory
     * @param ref a branch, tag or commit of that URL; null for the commit that is checked out
     * @param protocols the protocols that a URL may use, as in git's {@code GIT_ALLOW_PROTOCOL}; null for the default
     */
    record Git(List<String> exclude, String url, String ref, List<String> protocols) implements Sync {
        /** The default of {@link #protocols}: every one that reaches another host. */
        public static final List<String> DEFAULT_PROTOCOLS = List.of("https", "http", "ssh", "git");

        /** Copies the lists, fills in the default. */
        public Git {
            exclude = List.copyOf(exclude);
            protocols = protocols == null ? DEFAULT_PROTOCOLS : List.copyOf(protocols);
        }

        @Override
        public SyncSpec.Kind kind() {
            return SyncSpec.Kind.GIT;
        }
    }

    /**
     * The tree is on every listener's machine already.
     *
     * @param exclude patterns of what is left out of the comparison
     */
    record None(List<String> exclude) implements Sync {
        /** Copies the list. */
        public None {
            exclude = List.copyOf(exclude);
        }

        @Override
        public SyncSpec.Kind kind() {
            return SyncSpec.Kind.NONE;
        }
    }

    /** The file server that trees are pushed to and pulled from, and how it is reached. */
    sealed interface FileServer {
        /** Its name or address; over ssh {@code user@host} too. */
        String host();
    }

    /**
     * A file server with an rsync daemon.
     *
     * @param host its name or address
     * @param port the daemon's port; 0 for {@value #DEFAULT_PORT}, as in Gorgon
     * @param module the daemon's module; null for {@value #DEFAULT_MODULE}, as in Gorgon
     */
    record Daemon(String host, int port, String module) implements FileServer {
        /** Gorgon's port of the rsync daemon. */
        public static final int DEFAULT_PORT = 43434;

        /** Gorgon's module of the rsync daemon. */
        public static final String DEFAULT_MODULE = "src";

        /** Checks that there is a host and fills in the defaults. */
        public Daemon {
            Objects.requireNonNull(host, "host");
            module = module == null ? DEFAULT_MODULE : module;
            port = port == 0 ? DEFAULT_PORT : port;
        }
    }

    /**
     * A file server that is reached by ssh.
     *
     * @param host its name or address, possibly {@code user@host}
     * @param keyFile the key file; null for ssh's own choice
     * @param configFile a configuration file as {@code ssh -F} takes it; null for the user's own
     * @param anyHostKey whether to take any host key, which is insecure
     */
    record OverSsh(String host, String keyFile, String configFile, boolean anyHostKey) implements FileServer {
        /** Checks that there is a host. */
        public OverSsh {
            Objects.requireNonNull(host, "host");
        }

        /** The same for the machine that goes through it. */
        SshOptions access() {
            return new SshOptions(path(keyFile), path(configFile), anyHostKey);
        }

        private static Path path(String file) {
            return file == null ? null : Path.of(file);
        }
    }
}
