package io.jenkins.plugins.distributedtest.runner;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.distributedtest.files.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What a {@code package.json} says about how its tests are run. */
final class JavaScriptPackage {
    private static final long MAX_BYTES = 4 << 20;

    private static final List<String> ENDINGS =
            List.of("js", "cjs", "mjs", "ts", "cts", "mts", "json", "jsonc", "yaml", "yml");

    private final Path directory;
    private final JsonNode json;

    private JavaScriptPackage(Path directory, JsonNode json) {
        this.directory = directory;
        this.json = json;
    }

    /** The package of a directory; null if there is none, or none that can be read. */
    static JavaScriptPackage in(Path directory) {
        Path file = directory.resolve("package.json");
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MAX_BYTES) {
                return null;
            }
            return new JavaScriptPackage(directory, Json.bounded(100).build().readTree(file.toFile()));
        } catch (IOException e) {
            return null;
        }
    }

    /** Whether its test script calls a tool, itself or by other scripts of the package. */
    boolean tests(String tool) {
        return !calls("test", tool).isEmpty();
    }

    /** Whether there is anything that says that it uses a tool: a script, a dependency, a configuration. */
    boolean uses(String tool) {
        if (tests(tool) || json.has(tool)) {
            return true;
        }
        for (String kind : List.of("devDependencies", "dependencies")) {
            if (json.path(kind).has(packageOf(tool))) {
                return true;
            }
        }
        return isConfigured(tool);
    }

    /** Of Playwright there is a library without tests, too. */
    private static String packageOf(String tool) {
        return tool.equals(RunnerKind.PLAYWRIGHT.label()) ? "@playwright/test" : tool;
    }

    private boolean isConfigured(String tool) {
        return ENDINGS.stream()
                .anyMatch(ending -> Files.isRegularFile(directory.resolve(tool + ".config." + ending))
                        || Files.isRegularFile(directory.resolve("." + tool + "rc." + ending)));
    }

    /** What it says itself of how a tool is configured; missing if it says nothing. */
    JsonNode configuration(String tool) {
        return json.path(tool);
    }

    /** How it calls a tool: by its test script, else by the first other script that does, else plainly. */
    ToolCall call(String tool) {
        List<ToolCall> calls = calls("test", tool);
        for (Map.Entry<String, JsonNode> each : json.path("scripts").properties()) {
            if (calls.isEmpty() && each.getKey().startsWith("test")) {
                calls = calls(each.getKey(), tool);
            }
        }
        return calls.isEmpty() ? ToolCall.PLAIN : calls.get(0);
    }

    /** All calls of a tool by a script, itself or by other scripts of the package, in their order. */
    List<ToolCall> calls(String script, String tool) {
        return read(script, tool).calls();
    }

    /** What a script calls besides a tool, and what of it is not known. */
    ScriptCalls read(String script, String tool) {
        return ScriptCalls.of(directory, json.path("scripts"), script, tool);
    }
}
