package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import java.util.ArrayList;
import java.util.List;

/** Node's own options for the process that runs {@code node:test} files. */
final class NodeArguments {
    private NodeArguments() {}

    /**
     * The options that are set for the runner, and those that make the events of {@code node:test} known to it. Its
     * isolation is the runner's business, which reads it from its settings.
     */
    static List<String> flags(RunnerSettings settings) throws RunnerException {
        List<String> flags = new ArrayList<>();
        for (String each : settings.args().getOrDefault(RunnerKind.NODE.label(), List.of())) {
            if (!each.contains("test-isolation")) {
                flags.add(each);
            }
        }
        flags.add("--test-reporter=" + Bundled.file("node/reporter.mjs").toUri());
        flags.add("--test-reporter-destination=stdout");
        return flags;
    }
}
