package io.jenkins.plugins.distributedtest.zuul.publish;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Paths of published logs as parts of URLs. */
public final class LogPath {
    private LogPath() {}

    /** A path whose segments are percent-encoded, as RFC 3986 has it: only letters, digits and {@code -._~} are not. */
    public static String encoded(String path) {
        return Arrays.stream(path.split("/", -1))
                .map(segment -> URLEncoder.encode(segment, StandardCharsets.UTF_8)
                        .replace("+", "%20")
                        .replace("*", "%2A")
                        .replace("%7E", "~"))
                .collect(Collectors.joining("/"));
    }

    /**
     * The address of the page of a job.
     *
     * @param base what to prepend; null if nobody serves the logs
     * @param path the job's log path
     * @return null if nobody serves the logs
     */
    public static String url(String base, String path) {
        if (base == null) {
            return null;
        }
        return (base.endsWith("/") ? base : base + "/") + encoded(path) + "/index.html";
    }
}
