package io.jenkins.plugins.distributedtest.sync;

import java.nio.file.Path;
import java.util.Map;

/**
 * What the machine that offers sources has for that.
 *
 * @param cacheDirectory where the digests of unchanged files are remembered from run to run; null for nowhere
 * @param environment variables for rsync, ssh and git on top of this process's own, such as {@code SSH_AUTH_SOCK}
 */
public record OfferingHost(Path cacheDirectory, Map<String, String> environment) {
    /** Copies the variables. */
    public OfferingHost {
        environment = Map.copyOf(environment);
    }

    /**
     * This machine, with the cache directory of the user that this process runs as.
     *
     * @param environment variables for the processes that offer sources
     */
    public static OfferingHost local(Map<String, String> environment) {
        String configured = System.getenv("XDG_CACHE_HOME");
        Path base = configured == null || configured.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".cache")
                : Path.of(configured);
        return new OfferingHost(base.resolve("distributed-test"), environment);
    }

    /** With a cache directory and no further variables. */
    static OfferingHost of(Path cacheDirectory) {
        return new OfferingHost(cacheDirectory, Map.of());
    }
}
