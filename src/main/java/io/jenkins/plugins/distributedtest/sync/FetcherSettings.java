package io.jenkins.plugins.distributedtest.sync;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What a listener's {@link SourceFetcher} is set to.
 *
 * @param workDirectory where the content store, kept trees and mirrors are; made when missing
 * @param maxStoreBytes how large the content store may grow; what is in use is never removed for it
 * @param timeout after how long a whole fetch is given up
 * @param progressTimeout for {@code content}: after how long without any answer a fetch is given up
 * @param ssh for rsync over ssh how to get through
 * @param gitProtocols the protocols that a git URL may use, as in git's {@code GIT_ALLOW_PROTOCOL}
 */
public record FetcherSettings(
        Path workDirectory,
        long maxStoreBytes,
        Duration timeout,
        Duration progressTimeout,
        SshOptions ssh,
        List<String> gitProtocols) {
    /** The default of {@link #maxStoreBytes}: 4 GiB. */
    public static final long DEFAULT_MAX_STORE_BYTES = 4L << 30;

    /** The default of {@link #progressTimeout}. */
    public static final Duration DEFAULT_PROGRESS_TIMEOUT = Duration.ofSeconds(60);

    /** Checks that all is there. */
    public FetcherSettings {
        Objects.requireNonNull(workDirectory, "workDirectory");
        Objects.requireNonNull(timeout, "timeout");
        Objects.requireNonNull(progressTimeout, "progressTimeout");
        Objects.requireNonNull(ssh, "ssh");
        gitProtocols = gitProtocols == null ? Sync.Git.DEFAULT_PROTOCOLS : List.copyOf(gitProtocols);
    }

    /**
     * The defaults.
     *
     * @param workDirectory where the content store, kept trees and mirrors are
     * @param timeout after how long a whole fetch is given up
     */
    public static FetcherSettings of(Path workDirectory, Duration timeout) {
        return new FetcherSettings(
                workDirectory, DEFAULT_MAX_STORE_BYTES, timeout, DEFAULT_PROGRESS_TIMEOUT, SshOptions.DEFAULT, null);
    }
}
