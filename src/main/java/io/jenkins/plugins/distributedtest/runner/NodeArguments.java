package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.suite.Isolation;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Options of the processes that run tests in Node: those that are set, and those of the project's test script. */
final class NodeArguments {
    /** What is ours to do, or asks something of all files together. */
    private static final Pattern OF_RUN = Pattern.compile(
            "--(?:test|watch|test-reporter(?:-destination)?(?:=.*)?"
                    + "|test-concurrency(?:=.*)?|test-timeout(?:=.*)?|test-shard=.*|experimental-test-coverage|test-coverage-.*)");

    private NodeArguments() {}

    /**
     * What Node itself does with these options: a process for each file, unless {@code --test-isolation=none} (of Node
     * 22.8) says otherwise.
     */
    static Isolation isolation(RunnerSettings settings, ToolCall call) {
        return tests(settings, call).stream().anyMatch(each -> each.matches("--(experimental-)?test-isolation=none"))
                ? Isolation.WORKER
                : Isolation.FILE;
    }

    /**
     * The options of the process that runs the runner: where files share it, those that are set, and those that make the
     * events of {@code node:test} known to it. A file's own process gets its options from the runner.
     */
    static List<String> flags(RunnerKind kind, RunnerSettings settings, Isolation isolation, ToolCall call)
            throws RunnerException {
        if (kind != RunnerKind.NODE) {
            return call.nodeOptions();
        }
        List<String> flags = new ArrayList<>();
        if (isolation == Isolation.WORKER) {
            tests(settings, call).stream()
                    .filter(each -> !each.contains("test-isolation"))
                    .forEach(flags::add);
            flags.add("--test-reporter=" + Bundled.file("node/reporter.mjs").toUri());
            flags.add("--test-reporter-destination=stdout");
        }
        return flags;
    }

    /**
     * What the project's test script says of how each file is run: the arguments of a tool of JavaScript, or the options
     * of Node itself but for those of the run as a whole.
     */
    static List<String> script(RunnerKind kind, ToolCall call) {
        return kind == RunnerKind.NODE ? ofFiles(call.nodeOptions()) : call.arguments();
    }

    /** How the project's test script calls Node's own runner or a tool of JavaScript; a plain call for other runners. */
    static ToolCall call(RunnerKind kind, Path project) {
        return "node".equals(kind.language()) ? ToolCall.in(project, kind.label()) : ToolCall.PLAIN;
    }

    private static List<String> ofFiles(List<String> options) {
        List<String> kept = new ArrayList<>();
        boolean dropped = false;
        for (String each : options) {
            dropped = each.startsWith("-") ? OF_RUN.matcher(each).matches() : dropped;
            if (!dropped) {
                kept.add(each);
            }
        }
        return kept;
    }

    private static List<String> tests(RunnerSettings settings, ToolCall call) {
        List<String> all = new ArrayList<>(script(RunnerKind.NODE, call));
        all.addAll(set(settings));
        return all;
    }

    private static List<String> set(RunnerSettings settings) {
        return settings.args().getOrDefault(RunnerKind.NODE.label(), List.of());
    }
}
