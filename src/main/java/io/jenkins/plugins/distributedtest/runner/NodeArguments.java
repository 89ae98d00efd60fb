package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.suite.Isolation;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import java.util.ArrayList;
import java.util.List;

/** Node's own options for the process that runs {@code node:test} files. */
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
    static List<String> flags(RunnerSettings settings, Isolation isolation) throws RunnerException {
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

    private static List<String> set(RunnerSettings settings) {
        return settings.args().getOrDefault(RunnerKind.NODE.label(), List.of());
    }
}
