package io.jenkins.plugins.distributedtest.zuul.source;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How sources are fetched.
 *
 * @param mirrors where the mirrors are kept; one directory for each project
 * @param origins URLs below which the projects are, besides {@code ZUUL_URL}, which knows of changes but may be behind
 *     with branches: asked first for branches, tags and what was merged; possibly empty
 * @param protocols the protocols that git may use
 * @param retries how often a fetch that failed is tried again
 * @param pause how long to wait before that; twice as long each time
 * @param timeout how long one attempt may take, and how long to wait for another job that fetches the same project
 * @param submodules whether to check out submodules
 * @param limits what mirrors may cost
 */
public record SourceSettings(
        Path mirrors,
        List<String> origins,
        List<String> protocols,
        int retries,
        Duration pause,
        Duration timeout,
        boolean submodules,
        Mirrors limits) {
    /**
     * What mirrors may cost.
     *
     * @param keep how long one is kept that nobody uses
     * @param bytes how much space all of them may take
     */
    public record Mirrors(Duration keep, long bytes) {}

    /** The protocols that reach another host. */
    public static final List<String> PROTOCOLS = List.of("https", "http", "ssh", "git");

    /** Copies the lists. */
    public SourceSettings {
        origins = List.copyOf(origins);
        protocols = List.copyOf(protocols);
    }
}
