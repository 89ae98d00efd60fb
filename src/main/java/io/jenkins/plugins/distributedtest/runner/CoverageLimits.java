package io.jenkins.plugins.distributedtest.runner;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.distributedtest.files.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Limits of coverage that a package's test script sets for the whole suite by a tool that stands before the test tool
 * ({@code c8 --check-coverage mocha}): that tool is passed over, since each worker runs a part of the suite.
 */
public final class CoverageLimits {
    private static final long MAX_BYTES = 1 << 20;
    private static final Pattern TOOL = Pattern.compile("(?:^|[\\s/;&|])(c8|nyc)(?=\\s)([^;&|]*)");

    private CoverageLimits() {}

    /**
     * What nobody judges in a run of a project's suite.
     *
     * @param directory the project's directory
     * @return sentences for people; empty if there is nothing
     */
    public static List<String> unjudged(Path directory) {
        JsonNode json = read(directory.resolve("package.json"));
        String script = json == null ? "" : json.path("scripts").path("test").asText("");
        List<String> limits = new ArrayList<>();
        for (Matcher call = TOOL.matcher(script); call.find(); ) {
            String tool = call.group(1);
            boolean checks = call.group(2).contains("--check-coverage")
                    || List.of("." + tool + "rc", "." + tool + "rc.json").stream()
                            .map(name -> read(directory.resolve(name)))
                            .anyMatch(CoverageLimits::checks)
                    || checks(json.path(tool));
            if (checks) {
                limits.add("Not judged: the limits of " + tool
                        + " in the test script (check-coverage). They are asked of the"
                        + " whole suite, and each worker runs a part of it: bring the coverage data back with collect, and"
                        + " judge it in the callback after_job_finishes (docs/coverage.md)");
            }
        }
        return limits;
    }

    private static boolean checks(JsonNode configuration) {
        return configuration != null
                && (configuration.path("check-coverage").asBoolean(false)
                        || configuration.path("checkCoverage").asBoolean(false));
    }

    /** Null if there is none, or it is none that can be read: its tool says so. */
    private static JsonNode read(Path file) {
        try {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) <= MAX_BYTES
                    ? Json.bounded(100).build().readTree(file.toFile())
                    : null;
        } catch (IOException e) {
            return null;
        }
    }
}
