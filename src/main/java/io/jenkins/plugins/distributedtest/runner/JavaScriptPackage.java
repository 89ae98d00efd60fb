package io.jenkins.plugins.distributedtest.runner;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.distributedtest.files.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a {@code package.json} says about how its tests are run. */
final class JavaScriptPackage {
    private static final long MAX_BYTES = 4 << 20;

    private static final List<String> ENDINGS =
            List.of("js", "cjs", "mjs", "ts", "cts", "mts", "json", "jsonc", "yaml", "yml");

    /** Scripts that call one another are followed so far. */
    private static final int MAX_DEPTH = 5;

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
        Calls calls = new Calls();
        add(calls, script, tool, List.of(), new Place(0, false));
        return calls.all;
    }

    /** Whether a call of a tool by a script comes behind a change to another directory. */
    boolean callsElsewhere(String script, String tool) {
        Calls calls = new Calls();
        add(calls, script, tool, List.of(), new Place(0, false));
        return calls.isElsewhere;
    }

    /** Where a script is called: by how many others, and whether in another directory. */
    private record Place(int depth, boolean moved) {}

    /** The calls of a tool that have been read. */
    private static final class Calls {
        private final List<ToolCall> all = new ArrayList<>();
        private boolean isElsewhere;
    }

    private void add(Calls calls, String script, String tool, List<String> added, Place place) {
        boolean moved = place.moved();
        List<List<String>> commands = commands(json.path("scripts").path(script).asText(""));
        for (int i = 0; i < commands.size(); i++) {
            List<String> words = new ArrayList<>(commands.get(i));
            if (i == commands.size() - 1) {
                words.addAll(added); // npm puts them behind the script
            }
            ToolCall call = ToolCall.of(words, tool);
            String other = call == null ? script(words) : null;
            if (call != null) {
                calls.all.add(call);
                calls.isElsewhere |= moved;
            } else if (other != null && place.depth() < MAX_DEPTH) {
                int end = words.indexOf("--");
                List<String> more = end < 0 ? List.of() : words.subList(end + 1, words.size());
                add(calls, other, tool, more, new Place(place.depth() + 1, moved));
            } else {
                moved |= !words.isEmpty() && List.of("cd", "pushd").contains(words.get(0));
            }
        }
    }

    /** The script that a command runs by the package manager; null if it is another command. */
    private String script(List<String> words) {
        if (words.size() < 2 || !List.of("npm", "yarn", "pnpm", "bun").contains(words.get(0))) {
            return null;
        }
        boolean run = words.size() > 2 && List.of("run", "run-script").contains(words.get(1));
        String name = words.get(run ? 2 : 1);
        return json.path("scripts").has(name) ? name : null;
    }

    /** The commands of a script, each as its words, with quotes and patterns as a shell has them. */
    private List<List<String>> commands(String script) {
        List<List<String>> commands = new ArrayList<>();
        List<String> words = new ArrayList<>();
        Word word = new Word();
        char quote = 0;
        for (int i = 0; i <= script.length(); i++) {
            char c = i < script.length() ? script.charAt(i) : '\n';
            if (c == '\\' && quote != '\'' && i + 1 < script.length()) {
                word.add(script.charAt(++i), false);
            } else if (quote != 0 && c != quote && i < script.length()) {
                word.add(c, false);
            } else if (c == '\'' || c == '"') {
                quote = quote == 0 ? c : 0;
                word.begun = true;
            } else if (Character.isWhitespace(c) || c == ';' || c == '&' || c == '|') {
                words.addAll(word.end(directory));
                word = new Word();
                if (!Character.isWhitespace(c) || i == script.length()) {
                    commands.add(List.copyOf(words));
                    words.clear();
                }
            } else {
                word.add(c, ShellGlob.isSpecial(c));
            }
        }
        return commands;
    }

    /** A word that is being read. */
    private static final class Word {
        private final StringBuilder text = new StringBuilder();
        private boolean begun;
        private boolean isPattern;

        void add(char c, boolean special) {
            text.append(c);
            begun = true;
            isPattern |= special;
        }

        List<String> end(Path directory) {
            if (!begun) {
                return List.of();
            }
            return isPattern ? ShellGlob.expand(directory, text.toString()) : List.of(text.toString());
        }
    }
}
