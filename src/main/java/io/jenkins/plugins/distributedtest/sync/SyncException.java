package io.jenkins.plugins.distributedtest.sync;

import java.util.List;

/**
 * The sources could not be offered (originator) or did not arrive (listener). The message is for people: it names what
 * went wrong and the way out, and holds no secret.
 */
public final class SyncException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What kind of fault it is. */
    public enum Kind {
        /** A setting, or a value in a job definition, is refused. */
        REFUSED,
        /** The tree, the file server, the repository or the transfer failed. */
        FAILED,
        /** More bytes are missing than may travel through the broker. */
        LIMIT,
        /** Nothing came for too long. */
        TIMED_OUT,
        /** A tree arrived, but it is not the originator's. */
        TREE_DIFFERS
    }

    private final Kind kind;
    private final String output;
    private final transient List<String> paths;

    /**
     * @param kind what kind of fault
     * @param message what went wrong and the way out
     */
    public SyncException(Kind kind, String message) {
        this(kind, message, "", List.of(), null);
    }

    /**
     * @param kind what kind of fault
     * @param message what went wrong and the way out
     * @param cause why, possibly null
     */
    public SyncException(Kind kind, String message, Throwable cause) {
        this(kind, message, "", List.of(), cause);
    }

    /**
     * @param kind what kind of fault
     * @param message what went wrong and the way out
     * @param output output of the command that failed; empty if there is none
     * @param paths paths at fault, at most ten; empty if none is known
     * @param cause why, possibly null
     */
    public SyncException(Kind kind, String message, String output, List<String> paths, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.output = output;
        this.paths = List.copyOf(paths);
    }

    /** What kind of fault it is. */
    public Kind kind() {
        return kind;
    }

    /** Output of the command that failed, cut when long; never null, empty if there is none. */
    public String output() {
        return output;
    }

    /** Paths at fault, relative to the tree, at most ten; empty if none is known. */
    public List<String> paths() {
        return paths == null ? List.of() : paths;
    }
}
