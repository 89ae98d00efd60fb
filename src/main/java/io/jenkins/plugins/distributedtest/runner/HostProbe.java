package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import io.jenkins.plugins.distributedtest.process.CommandResult;
import io.jenkins.plugins.distributedtest.process.Commands;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Finds out which runners this host has: whether each one's interpreter starts and loads its framework. */
final class HostProbe {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final FutureTask<List<String>> PROBE = new FutureTask<>(HostProbe::probe);

    private HostProbe() {}

    /** The names, sorted; probes once per process. */
    static List<String> available() {
        if (!PROBE.isDone()) {
            // On a thread of its own, so that an asker who is interrupted does not spoil it for those to come. A second
            // one that finds it under way ends at once.
            DaemonThreads.start("runner-probe", PROBE);
        }
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return PROBE.get();
                } catch (InterruptedException e) {
                    interrupted = true; // the probe is bounded, so its end is near
                } catch (ExecutionException e) {
                    throw new IllegalStateException("The probe for runners failed", e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static List<String> probe() throws InterruptedException {
        Map<RunnerKind, FutureTask<Boolean>> probes = new LinkedHashMap<>();
        for (RunnerKind kind : RunnerKind.values()) {
            FutureTask<Boolean> task = new FutureTask<>(() -> has(kind));
            probes.put(kind, task);
            DaemonThreads.start("runner-probe-" + kind.label(), task);
        }
        List<String> names = new ArrayList<>();
        for (Map.Entry<RunnerKind, FutureTask<Boolean>> each : probes.entrySet()) {
            try {
                if (each.getValue().get()) {
                    names.add(each.getKey().label());
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }
        return names.stream().sorted().toList();
    }

    private static boolean has(RunnerKind kind) throws InterruptedException {
        return switch (kind) {
            case RSPEC -> succeeds("ruby", "-e", "require 'rspec/core'");
            case MINITEST -> succeeds("ruby", "-e", "gem 'minitest'; require 'minitest'");
            case TEST_UNIT -> succeeds("ruby", "-e", "require 'test/unit/version'; require 'test/unit/testcase'");
            case PYTEST -> succeeds("python3", "-c", "import pytest");
            case DJANGO -> succeeds("python3", "-c", "import django");
            case UNITTEST -> succeeds("python3", "-c", "import unittest");
            case NODE, JEST, MOCHA, VITEST, AVA, PLAYWRIGHT ->
                succeeds(
                        "node",
                        "-e",
                        "const v = process.versions.node.split('.').map(Number);"
                                + "process.exit(v[0] > 19 || (v[0] == 18 && v[1] >= 17) ? 0 : 1)");
            case JUNIT -> succeeds(Interpreters.java(Map.of()), "-version");
            case GO -> succeeds("go", "version");
            case COMMAND -> true;
        };
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            CommandResult result = Commands.run(
                    ProcessSpec.of(List.of(command))
                            .marker("probe-" + ProcessHandle.current().pid()),
                    LIMIT);
            return result.ok();
        } catch (IOException e) {
            return false; // no such program
        }
    }
}
