package io.jenkins.plugins.distributedtest.runner;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How a script of a {@code package.json} calls a test tool.
 *
 * @param environment variables that the script sets for it
 * @param starter what starts Node's own runner; Node itself for all others
 * @param nodeOptions options of Node itself; what the starter adds to them is among them
 * @param arguments the tool's own arguments
 */
public record ToolCall(
        Map<String, String> environment, Starter starter, List<String> nodeOptions, List<String> arguments) {
    /** What starts Node's own runner. */
    public enum Starter {
        NODE,
        TSX,
        BORP;

        /** The name of its program. */
        public String program() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A call that sets nothing. */
    static final ToolCall PLAIN = new ToolCall(Map.of(), Starter.NODE, List.of(), List.of());

    /** What {@code tsx} is to Node. */
    private static final List<String> TSX = List.of("--import", "tsx");

    /** What stands before a program and changes nothing about how it runs. */
    private static final Set<String> BEFORE =
            Set.of("npx", "cross-env", "cross-env-shell", "env", "exec", "yarn", "pnpm", "bun", "bunx");

    private static final Set<String> CARRIERS = Set.of("npx", "cross-env", "env", "exec", "bunx");

    /** What starts a program that stands behind its own options. */
    private static final Set<String> STARTERS = Set.of("timeout", "xvfb-run", "nice", "ionice", "time");

    /** The same, with variables of its own. */
    private static final Set<String> WITH_VARIABLES = Set.of("dotenv", "dotenvx", "env-cmd", "dotenv-run-script");

    /** What measures the coverage of a program, which stands behind its own options. */
    private static final Set<String> COVERAGE = Set.of("nyc", "c8", "istanbul", "esmc8");

    private static final Pattern SHELL = Pattern.compile("`|\\$[({\\w@*]");

    /** Options of Node that are followed by their value. */
    private static final Set<String> WITH_VALUE = Set.of(
            "-r",
            "--require",
            "--import",
            "--loader",
            "--experimental-loader",
            "-C",
            "--conditions",
            "--test-name-pattern",
            "--test-skip-pattern",
            "--test-reporter",
            "--test-reporter-destination",
            "--test-concurrency",
            "--test-timeout",
            "--test-isolation",
            "--experimental-test-isolation",
            "--test-shard",
            "--test-global-setup",
            "--test-coverage-include",
            "--test-coverage-exclude",
            "--test-coverage-lines",
            "--test-coverage-branches",
            "--test-coverage-functions",
            "--env-file",
            "--env-file-if-exists",
            "--experimental-config-file",
            "--stack-trace-limit",
            "--max-old-space-size",
            "--title");

    /** Copies the collections. */
    public ToolCall {
        environment = Map.copyOf(environment);
        nodeOptions = List.copyOf(nodeOptions);
        arguments = List.copyOf(arguments);
    }

    /**
     * The call in the scripts of a directory's package: that of the test script, else of the first other one for tests.
     *
     * @param project the directory
     * @param tool the tool's name
     * @return a plain call if no script has one
     */
    public static ToolCall in(Path project, String tool) {
        JavaScriptPackage here = JavaScriptPackage.in(project);
        return here == null ? PLAIN : here.call(tool);
    }

    /**
     * Reads a command of a script.
     *
     * @param words the command's words
     * @param tool the tool's name, such as {@code jest}, or {@code node} for its own test runner
     * @return null if the command calls anything else
     */
    static ToolCall of(List<String> words, String tool) {
        Map<String, String> environment = new LinkedHashMap<>();
        int at = 0;
        while (at < words.size() && isBefore(words, at)) {
            addVariable(words.get(at++), environment);
        }
        if (at < words.size() && isStarter(words.get(at))) {
            return afterStarter(environment, words.subList(at + 1, words.size()), tool);
        }
        List<String> options = new ArrayList<>();
        boolean tsx = at < words.size() && tool.equals(RunnerKind.NODE.label()) && isNamed(words.get(at), "tsx");
        if (tsx) {
            options.addAll(TSX);
        }
        if (tsx || at < words.size() && isNamed(words.get(at), "node")) {
            at++;
            while (at < words.size() && words.get(at).startsWith("-")) {
                String option = words.get(at++);
                options.add(option);
                if (WITH_VALUE.contains(option) && at < words.size()) {
                    options.add(words.get(at++));
                }
            }
        }
        if (tool.equals(RunnerKind.NODE.label())) {
            List<String> arguments = words.subList(at, words.size());
            if (!tsx && !arguments.isEmpty() && isNamed(arguments.get(0), "borp")) {
                return ofBorp(environment, options, arguments.subList(1, arguments.size()));
            }
            Starter starter = tsx ? Starter.TSX : Starter.NODE;
            return options.contains("--test") ? new ToolCall(environment, starter, options, arguments) : null;
        }
        if (at >= words.size() || !isNamed(words.get(at), tool)) {
            return null;
        }
        // Playwright has other commands besides, such as the one that installs browsers.
        boolean isOther = tool.equals(RunnerKind.PLAYWRIGHT.label())
                && (at + 1 >= words.size() || !words.get(at + 1).equals("test"));
        return isOther ? null : new ToolCall(environment, Starter.NODE, options, words.subList(at + 1, words.size()));
    }

    private static ToolCall ofBorp(Map<String, String> environment, List<String> before, List<String> arguments) {
        List<String> options = new ArrayList<>(before);
        options.addAll(BorpOptions.ofFiles(arguments));
        return new ToolCall(environment, Starter.BORP, options, arguments);
    }

    /** The same where variables were set before. */
    ToolCall after(Map<String, String> variables) {
        Map<String, String> all = new LinkedHashMap<>(variables);
        all.putAll(environment);
        return new ToolCall(all, starter, nodeOptions, arguments);
    }

    /** What stands before the tool in a command that calls it and sets variables that only a run of it would tell. */
    static Optional<String> unknownBefore(List<String> words, String tool) {
        int at = 0;
        while (at < words.size() && isBefore(words, at) && !WITH_VARIABLES.contains(words.get(at))) {
            at++;
        }
        return at == words.size() || !WITH_VARIABLES.contains(words.get(at))
                ? Optional.empty()
                : Optional.of(String.join(" ", untilTool(words, at, tool)) + " (its variables)");
    }

    /**
     * What measures the coverage of the tool in a command that calls it.
     *
     * @return its words up to the tool's, its name first; empty if there is none
     */
    static List<String> measuring(List<String> words, String tool) {
        int at = 0;
        while (at < words.size() && !COVERAGE.contains(words.get(at))) {
            at++;
        }
        return at < words.size() ? untilTool(words, at, tool) : List.of();
    }

    /** The words from a place on, up to the last that a call of the tool can begin with. */
    private static List<String> untilTool(List<String> words, int at, String tool) {
        int end = words.size() - 1;
        while (end > at && of(words.subList(end, words.size()), tool) == null) {
            end--;
        }
        return words.subList(at, end);
    }

    /** Words without the variables, and what carries them, that stand in front of a command. */
    static List<String> withoutVariables(List<String> words, Map<String, String> variables) {
        int at = 0;
        while (at < words.size()
                && (isVariable(words.get(at))
                        || CARRIERS.contains(words.get(at))
                        || at > 0 && words.get(at).startsWith("-"))) {
            addVariable(words.get(at++), variables);
        }
        return words.subList(at, words.size());
    }

    /** Adds a variable if the word sets one. */
    static void addVariable(String word, Map<String, String> variables) {
        if (isVariable(word)) {
            variables.put(word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1));
        }
    }

    /** Whether a word of it is one that only a shell can tell: a variable, what a command prints. */
    boolean needsShell() {
        return arguments.stream().anyMatch(each -> SHELL.matcher(each).find());
    }

    /** The options of Node without those that say who is told of its tests. */
    public List<String> withoutReporters() {
        return NodeArguments.without(written(), NodeArguments.REPORTERS);
    }

    /** The options of Node as they stand in the script, without what {@code tsx} is to Node. */
    List<String> written() {
        return starter == Starter.TSX ? nodeOptions.subList(TSX.size(), nodeOptions.size()) : nodeOptions;
    }

    private static ToolCall afterStarter(Map<String, String> environment, List<String> words, String tool) {
        for (int at = 0; at < words.size(); at++) {
            ToolCall call = of(words.subList(at, words.size()), tool);
            if (call != null) {
                Map<String, String> all = new LinkedHashMap<>(environment);
                all.putAll(call.environment());
                return new ToolCall(all, call.starter(), call.nodeOptions(), call.arguments());
            }
        }
        return null;
    }

    private static boolean isBefore(List<String> words, int at) {
        String word = words.get(at);
        return BEFORE.contains(word) || isVariable(word) || at > 0 && word.startsWith("-");
    }

    private static boolean isStarter(String word) {
        return COVERAGE.contains(word) || STARTERS.contains(word) || WITH_VARIABLES.contains(word);
    }

    private static boolean isVariable(String word) {
        return word.matches("[A-Za-z_]\\w*=(?s).*");
    }

    /** Whether a word is a program of this name, by itself or by a path to it such as {@code node_modules/.bin/jest}. */
    private static boolean isNamed(String word, String tool) {
        String name = word.substring(word.lastIndexOf('/') + 1);
        return name.equals(tool) || name.matches("_?" + tool + "\\.[cm]?js");
    }
}
