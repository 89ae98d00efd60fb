package io.jenkins.plugins.distributedtest.runner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.jenkins.plugins.distributedtest.files.Json;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.SubProject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Limits of coverage that a package's test script sets for the whole suite: by a tool that stands before the test tool
 * ({@code c8 --check-coverage mocha}), which is passed over, or by options of Node's own runner, which are left out. Each
 * worker runs a part of the suite.
 */
public final class CoverageLimits {
    private static final long MAX_BYTES = 1 << 20;

    /** c8's {@code --100} is short for the check, with all limits at 100. */
    private static final Pattern CHECK = Pattern.compile("--check-coverage(?:=true)?|--100");

    private static final Pattern NODE_LIMIT = Pattern.compile("--test-coverage-(?:lines|branches|functions)(?:=.*)?");

    private CoverageLimits() {}

    /**
     * What nobody judges in a run of a suite.
     *
     * @param workspace the directory of the suite
     * @param runners how its files are run, with the projects that are in it
     * @return sentences for people; empty if there is nothing
     */
    public static List<String> unjudged(Path workspace, RunnerSettings runners) {
        List<String> told = new ArrayList<>();
        for (String directory : directories(runners)) {
            for (String limit : limits(workspace.resolve(directory))) {
                told.add("Not judged: the limits of " + limit + " in the test script"
                        + (directory.isEmpty() ? "" : " of " + directory)
                        + ". They are asked of the whole suite, and each worker runs a part of it: bring the coverage data"
                        + " back with collect, and judge it in the callback after_job_finishes (docs/coverage.md)");
            }
        }
        return told;
    }

    /** Those of the suite and of the projects in it, relative to the workspace. */
    static Set<String> directories(RunnerSettings runners) {
        Set<String> directories = new TreeSet<>(Set.of(""));
        if (runners.projects() != null) {
            runners.projects().stream().map(SubProject::directory).forEach(directories::add);
        }
        return directories;
    }

    private static Set<String> limits(Path directory) {
        JavaScriptPackage here = JavaScriptPackage.in(directory);
        Set<String> limits = new TreeSet<>();
        if (here == null) {
            return limits;
        }
        for (RunnerKind kind : RunnerKind.values()) {
            if (RunnerKind.NODE.language().equals(kind.language())) {
                ScriptCalls script = here.read("test", kind.label());
                script.measuring().stream()
                        .filter(words -> checks(directory, here, words))
                        .forEach(words -> limits.add(words.get(0) + " (check-coverage)"));
                if (kind == RunnerKind.NODE) {
                    script.calls().forEach(call -> limits.addAll(ofNode(call)));
                }
            }
        }
        return limits;
    }

    private static List<String> ofNode(ToolCall call) {
        if (call.starter() == ToolCall.Starter.BORP) {
            return call.arguments().contains("--check-coverage") ? List.of("borp (--check-coverage)") : List.of();
        }
        // Without the first option Node measures nothing.
        boolean isLimit = call.nodeOptions().contains("--experimental-test-coverage")
                && call.nodeOptions().stream()
                        .anyMatch(each -> NODE_LIMIT.matcher(each).matches());
        return isLimit ? List.of("node (--test-coverage-…)") : List.of();
    }

    private static boolean checks(Path directory, JavaScriptPackage here, List<String> words) {
        String tool = words.get(0);
        return words.stream().anyMatch(each -> CHECK.matcher(each).matches())
                || List.of("." + tool + "rc", "." + tool + "rc.json").stream()
                        .anyMatch(name -> checks(read(directory.resolve(name))))
                || checks(here.configuration(tool));
    }

    private static boolean checks(JsonNode configuration) {
        return configuration.path("check-coverage").asBoolean(false)
                || configuration.path("checkCoverage").asBoolean(false)
                || configuration.path("100").asBoolean(false);
    }

    /** Missing if there is none, or it is none that can be read: its tool says so. */
    private static JsonNode read(Path file) {
        try {
            boolean isRead = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) <= MAX_BYTES;
            return isRead ? Json.bounded(100).build().readTree(file.toFile()) : MissingNode.getInstance();
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }
}
