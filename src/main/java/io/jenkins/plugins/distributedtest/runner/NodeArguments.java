package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.suite.Isolation;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Options of the processes that run tests in Node: those that are set, and those of the project's test script. */
final class NodeArguments {
    private NodeArguments() {}

    /**
     * What Node itself does with these options: a process for each file, unless {@code --test-isolation=none} (of Node
     * 22.8) says otherwise.
     */
    static Isolation isolation(RunnerSettings settings) {
        return set(settings).stream().anyMatch(each -> each.matches("--(experimental-)?test-isolation=none"))
                ? Isolation.WORKER
                : Isolation.FILE;
    }

    /**
     * The options of the process that runs the runner: where files share it, those that are set, and those that make the
     * events of {@code node:test} known to it. A file's own process gets its options from the runner.
     */
    static List<String> flags(RunnerKind kind, RunnerSettings settings, Isolation isolation, Path project)
            throws RunnerException {
        if (kind != RunnerKind.NODE) {
            return call(kind, project).nodeOptions();
        }
        List<String> flags = new ArrayList<>();
        if (isolation == Isolation.WORKER) {
            set(settings).stream()
                    .filter(each -> !each.contains("test-isolation"))
                    .forEach(flags::add);
            flags.add("--test-reporter=" + Bundled.file("node/reporter.mjs").toUri());
            flags.add("--test-reporter-destination=stdout");
        }
        return flags;
    }

    /** Variables that the project's test script sets for a tool of JavaScript. */
    static Map<String, String> environment(RunnerKind kind, Path project) {
        return call(kind, project).environment();
    }

    /** Arguments that the project's test script gives to a tool of JavaScript. */
    static List<String> script(RunnerKind kind, Path project) {
        return call(kind, project).arguments();
    }

    private static ToolCall call(RunnerKind kind, Path project) {
        return kind.isJavaScriptTool() ? ToolCall.in(project, kind.label()) : ToolCall.PLAIN;
    }

    private static List<String> set(RunnerSettings settings) {
        return settings.args().getOrDefault(RunnerKind.NODE.label(), List.of());
    }
}
