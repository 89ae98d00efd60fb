package io.jenkins.plugins.distributedtest.runner;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a script of a {@code package.json} calls a test tool.
 *
 * @param environment variables that the script sets for it
 * @param nodeOptions options of Node itself
 * @param arguments the tool's own arguments
 */
public record ToolCall(Map<String, String> environment, List<String> nodeOptions, List<String> arguments) {
    /** A call that sets nothing. */
    static final ToolCall PLAIN = new ToolCall(Map.of(), List.of(), List.of());

    /** What stands before a program and changes nothing about how it runs. */
    private static final Set<String> BEFORE =
            Set.of("npx", "cross-env", "cross-env-shell", "env", "exec", "dotenv", "yarn", "pnpm", "bun", "bunx");

    /** What measures the coverage of a program, which stands behind its own options. */
    private static final Set<String> COVERAGE = Set.of("nyc", "c8", "istanbul", "esmc8");

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
            "--test-timeout");

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
            String word = words.get(at++);
            if (isVariable(word)) {
                environment.put(word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1));
            }
        }
        if (at < words.size() && COVERAGE.contains(words.get(at))) {
            return afterCoverage(environment, words.subList(at + 1, words.size()), tool);
        }
        List<String> options = new ArrayList<>();
        boolean tsx = at < words.size() && tool.equals(RunnerKind.NODE.label()) && isNamed(words.get(at), "tsx");
        if (tsx) { // which is Node with this
            options.addAll(List.of("--import", "tsx"));
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
            return options.contains("--test")
                    ? new ToolCall(environment, options, words.subList(at, words.size()))
                    : null;
        }
        if (at >= words.size() || !isNamed(words.get(at), tool)) {
            return null;
        }
        return new ToolCall(environment, options, words.subList(at + 1, words.size()));
    }

    private static ToolCall afterCoverage(Map<String, String> environment, List<String> words, String tool) {
        for (int at = 0; at < words.size(); at++) {
            ToolCall call = of(words.subList(at, words.size()), tool);
            if (call != null) {
                Map<String, String> all = new LinkedHashMap<>(environment);
                all.putAll(call.environment());
                return new ToolCall(all, call.nodeOptions(), call.arguments());
            }
        }
        return null;
    }

    private static boolean isBefore(List<String> words, int at) {
        String word = words.get(at);
        return BEFORE.contains(word) || isVariable(word) || at > 0 && word.startsWith("-");
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
