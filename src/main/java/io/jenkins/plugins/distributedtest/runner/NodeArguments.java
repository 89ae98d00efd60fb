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
    private static final Pattern OF_RUN = Pattern.compile("--(?:test|watch|test-reporter(?:-destination)?(?:=.*)?"
            + "|test-concurrency(?:=.*)?|test-shard(?:=.*)?"
            + "|experimental-test-coverage|test-coverage-.*)");

    /** How long a file may take to Node itself, as long as each has a process. */
    private static final Pattern TIMEOUT = Pattern.compile("--test-timeout(?:=.*)?");

    private static final Pattern ISOLATION = Pattern.compile("--(?:experimental-)?test-isolation(?:=.*)?");

    /** Who is told of tests. */
    static final Pattern REPORTERS = Pattern.compile("--test-reporter(?:-destination)?(?:=.*)?");

    /** What says nothing about which files are tests, and would do something where that is only asked. */
    private static final Pattern NOT_OF_CHOICE = Pattern.compile(
            "-r|--(?:require|import|(?:experimental-)?loader|watch.*|inspect.*|test-concurrency|test-timeout|test-force-exit"
                    + "|(?:experimental-)?test-isolation|test-global-setup|test-rerun-failures|experimental-test-coverage"
                    + "|test-coverage-.*|test-reporter.*)(?:=.*)?");

    private NodeArguments() {}

    /**
     * What Node itself does with these options: a process for each file, unless {@code --test-isolation=none} (of Node
     * 22.8) says otherwise.
     */
    static Isolation isolation(RunnerSettings settings, ToolCall call) {
        List<String> all = tests(settings, call);
        for (int i = 0; i < all.size(); i++) {
            boolean isTwoWords = !all.get(i).contains("=") && i + 1 < all.size();
            String value = isTwoWords
                    ? all.get(i + 1)
                    : all.get(i).substring(all.get(i).indexOf('=') + 1);
            if (ISOLATION.matcher(all.get(i)).matches() && value.equals("none")) {
                return Isolation.WORKER;
            }
        }
        return Isolation.FILE;
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
            flags.addAll(without(all(kind, settings, call), TIMEOUT));
            flags.add("--test-reporter=" + Bundled.file("node/reporter.mjs").toUri());
            flags.add("--test-reporter-destination=stdout");
        }
        return flags;
    }

    /** What the test script and the settings say of how each file is run. */
    static List<String> all(RunnerKind kind, RunnerSettings settings, ToolCall call) {
        if (kind == RunnerKind.NODE) {
            return without(tests(settings, call), ISOLATION);
        }
        List<String> all = new ArrayList<>(script(kind, call));
        all.addAll(settings.args().getOrDefault(kind.label(), List.of()));
        return all;
    }

    /**
     * What the project's test script says of how each file is run: the arguments of a tool of JavaScript, or the options
     * of Node itself but for those of the run as a whole.
     */
    private static List<String> script(RunnerKind kind, ToolCall call) {
        return kind == RunnerKind.NODE ? without(call.nodeOptions(), OF_RUN) : call.arguments();
    }

    /** How the project's test script calls Node's own runner or a tool of JavaScript; a plain call for other runners. */
    static ToolCall call(RunnerKind kind, Path project) {
        return "node".equals(kind.language()) ? ToolCall.in(project, kind.label()) : ToolCall.PLAIN;
    }

    /**
     * What Node is asked with for its choice of files: the options and paths of the test script, and the options that are
     * set, as far as they can say something about that.
     */
    static List<String> ofChoice(RunnerSettings settings, ToolCall call) {
        if (call.starter() == ToolCall.Starter.BORP) {
            return BorpOptions.ofChoice(call.arguments());
        }
        List<String> options = new ArrayList<>(call.written());
        options.addAll(set(settings));
        List<String> all = new ArrayList<>();
        for (String each : options) {
            if (ISOLATION.matcher(each).matches()) { // an earlier Node does not know it, and this has to come to light
                all.add(each.replaceFirst("=.*", "") + "=process");
            }
        }
        all.addAll(without(options, NOT_OF_CHOICE));
        all.addAll(call.arguments());
        return all;
    }

    /** Options but for some, with the values that follow those. */
    static List<String> without(List<String> options, Pattern some) {
        List<String> kept = new ArrayList<>();
        boolean dropped = false;
        for (String each : options) {
            dropped = each.startsWith("-") ? some.matcher(each).matches() : dropped;
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
