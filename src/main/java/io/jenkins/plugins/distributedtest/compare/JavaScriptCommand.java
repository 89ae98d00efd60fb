package io.jenkins.plugins.distributedtest.compare;

import io.jenkins.plugins.distributedtest.files.Json;
import io.jenkins.plugins.distributedtest.runner.ToolCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The own command of a tool of JavaScript: that of the project's test script, with a reporter of ours.
 *
 * @param command program and arguments
 * @param environment variables besides those of the run
 */
record JavaScriptCommand(List<String> command, Map<String, String> environment) {
    /** Copies the collections. */
    JavaScriptCommand {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /**
     * What is asked for.
     *
     * @param directory the project
     * @param node the command that starts Node
     * @param args options that are set besides those of the test script
     * @param files the files, by their paths in the project; null if the tool finds them by itself
     * @param tools where our reporters lie
     */
    record Request(Path directory, List<String> node, List<String> args, List<String> files, Path tools) {
        private String reporter(String name) {
            return tools.resolve(name).toString();
        }
    }

    /** {@code jest --ci}. */
    static JavaScriptCommand jest(Request request) throws CompareException {
        JavaScriptCommand command = start(request, "jest", List.of("jest/bin/jest.js"))
                .with("--ci", "--reporters=" + request.reporter("jest_reporter.cjs"));
        if (request.files() == null) {
            return command;
        }
        return command.with("--runTestsByPath").with(request.files().toArray(String[]::new));
    }

    /** {@code mocha}. Its files are named to a script that is loaded before it, since it adds those of its settings. */
    static JavaScriptCommand mocha(Request request, String nodeOptions) throws CompareException, IOException {
        JavaScriptCommand command = start(request, "mocha", List.of("mocha/bin/mocha.js", "mocha/bin/mocha"))
                .with("--reporter", request.reporter("mocha_reporter.cjs"));
        String before = command.environment().getOrDefault("NODE_OPTIONS", nodeOptions);
        String preload = "--require=\"" + request.reporter("mocha_files.cjs").replace("\\", "\\\\") + "\"";
        return command.with(Map.of("NODE_OPTIONS", (before + " " + preload).strip()))
                .with(filesVariable(request));
    }

    /** {@code CI=true vitest run}. Vitest 3 ends with an error when an option such as {@code --run} comes twice. */
    static JavaScriptCommand vitest(Request request) throws CompareException, IOException {
        JavaScriptCommand command = start(request, "vitest", List.of("vitest/vitest.mjs"));
        if (!command.command().contains("--run")) {
            command = command.with("--run");
        }
        command = command.with("--reporter=" + request.reporter(Reporters.VITEST));
        if (request.files() != null) {
            command = command.with(request.files().stream()
                    .map(each -> request.directory().resolve(each).toString())
                    .toArray(String[]::new));
        }
        return command.with(Map.of("CI", "true")).with(filesVariable(request));
    }

    /** {@code ava}, as with {@code CI=true}. It has no place for reporters of others: a script of ours listens to it. */
    static JavaScriptCommand ava(Request request) throws CompareException, IOException {
        return start(request, "ava", "ava_command.mjs", List.of("ava/entrypoints/cli.mjs"))
                .with(Map.of("CI", "true"))
                .with(filesVariable(request));
    }

    /** {@code playwright test}, as with {@code CI=true}. Files are named by patterns that they alone fit. */
    static JavaScriptCommand playwright(Request request) throws CompareException, IOException {
        List<String> scripts = List.of("@playwright/test/cli.js");
        JavaScriptCommand start = start(request, "playwright", scripts);
        List<String> command = new ArrayList<>(start.command());
        int cli = command.indexOf(installed(request.directory(), scripts).toString());
        if (cli + 1 >= command.size() || !command.get(cli + 1).equals("test")) {
            command.add(cli + 1, "test");
        }
        command.add("--reporter=" + request.reporter("playwright_reporter.mjs"));
        if (request.files() != null) {
            Path root = request.directory().toRealPath();
            request.files().forEach(each -> command.add("/^" + escaped(root.resolve(each)) + "$/g"));
        }
        return new JavaScriptCommand(command, start.environment()).with(Map.of("CI", "true"));
    }

    private static String escaped(Path path) {
        return path.toString().replaceAll("[.*+?^${}()|\\[\\]\\\\/]", "\\\\$0");
    }

    /** {@code node --test}: the first such call of the test script, else plainly. */
    static JavaScriptCommand node(Request request, Path report) throws CompareException {
        ToolCall call = ToolCall.in(request.directory(), "node");
        List<String> command = new ArrayList<>(request.node());
        if (call.starter() == ToolCall.Starter.BORP && request.files() == null) {
            return borp(request, call, report);
        }
        if (call.starter() == ToolCall.Starter.TSX) {
            command.add(
                    installed(request.directory(), List.of("tsx/dist/cli.mjs")).toString());
        }
        command.add("--test-reporter="
                + request.tools().resolve("node_reporter.mjs").toUri());
        command.add("--test-reporter-destination=" + report);
        List<String> options = call.withoutReporters();
        command.addAll(options);
        command.addAll(request.args());
        if (!options.contains("--test")) {
            command.add("--test");
        }
        command.addAll(request.files() == null ? call.arguments() : request.files());
        return new JavaScriptCommand(command, call.environment());
    }

    /** {@code borp}, which takes a reporter and its file as one word, and files of its configuration besides those named. */
    private static JavaScriptCommand borp(Request request, ToolCall call, Path report) throws CompareException {
        List<String> command = new ArrayList<>(request.node());
        command.add(installed(request.directory(), List.of("borp/borp.js")).toString());
        command.addAll(call.arguments());
        command.addAll(List.of("--reporter", request.reporter("node_reporter.mjs") + ":" + report));
        return new JavaScriptCommand(command, call.environment());
    }

    private static Map<String, String> filesVariable(Request request) throws IOException {
        return request.files() == null
                ? Map.of()
                : Map.of("DISTRIBUTED_TEST_FILES", Json.bounded(2).build().writeValueAsString(request.files()));
    }

    private static JavaScriptCommand start(Request request, String tool, List<String> scripts) throws CompareException {
        return start(request, tool, null, scripts);
    }

    /** By a script of ours that starts the tool's, if one is given. */
    private static JavaScriptCommand start(Request request, String tool, String starter, List<String> scripts)
            throws CompareException {
        ToolCall call = ToolCall.in(request.directory(), tool);
        List<String> command = new ArrayList<>(request.node());
        command.addAll(call.nodeOptions());
        if (starter != null) {
            command.add(request.reporter(starter));
        }
        command.add(installed(request.directory(), scripts).toString());
        command.addAll(call.arguments());
        command.addAll(request.args());
        return new JavaScriptCommand(command, call.environment());
    }

    /** The first that is there of some files of an installed package, in the project or above. */
    private static Path installed(Path directory, List<String> files) throws CompareException {
        for (Path at = directory; at != null; at = at.getParent()) {
            for (String each : files) {
                Path found = at.resolve("node_modules").resolve(each);
                if (Files.isRegularFile(found)) {
                    return found;
                }
            }
        }
        throw new CompareException(files.get(0) + " is not in node_modules of " + directory
                + " or above: install the project's packages first (npm ci).");
    }

    private JavaScriptCommand with(String... arguments) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(arguments));
        return new JavaScriptCommand(all, environment);
    }

    private JavaScriptCommand with(Map<String, String> variables) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(variables);
        return new JavaScriptCommand(command, all);
    }
}
