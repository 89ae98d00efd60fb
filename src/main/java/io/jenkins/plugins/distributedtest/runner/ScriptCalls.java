package io.jenkins.plugins.distributedtest.runner;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What a script of a package calls: itself, and by the other scripts of the package that it runs. Calls of one tool are told
 * apart from the rest, so that nothing of a test script is passed over without a word.
 */
final class ScriptCalls {
    /** Scripts that call one another are followed so far. */
    private static final int MAX_DEPTH = 5;

    /** What a shell has before a command, and what changes nothing about it. */
    private static final Set<String> KEYWORDS = Set.of(
            "!", "time", "{", "}", "if", "then", "elif", "else", "fi", "while", "until", "do", "done", "exec",
            "command");

    /** What no test depends on. */
    private static final Set<String> HARMLESS = Set.of(
            "true", ":", "echo", "printf", "set", "test", "[", "rm", "rimraf", "clear", "wait", "popd", "tee", "cat");

    private static final Set<String> MANAGERS = Set.of("npm", "yarn", "pnpm", "bun");
    private static final Set<String> SEVERAL = Set.of("npm-run-all", "run-s", "run-p");

    /** What takes commands as texts. */
    private static final Set<String> SHELLS = Set.of("sh", "bash", "concurrently", "conc", "cross-env-shell");

    /** What runs scripts of other packages. */
    private static final Set<String> OF_PACKAGES = Set.of("lerna", "turbo", "nx", "rush", "wsrun", "moon", "ultra");

    private static final Pattern ELSEWHERE = Pattern.compile(
            "(?:--workspaces?|-ws|-w|--prefix|-C|--dir|--cwd|-r|--recursive|--filter|-F|workspaces?)(?:=.*)?");

    private final Path directory;
    private final JsonNode scripts;
    private final String tool;
    private final List<ToolCall> calls = new ArrayList<>();
    private final Set<List<String>> measuring = new LinkedHashSet<>();
    private final Set<String> others = new LinkedHashSet<>();
    private final Set<String> handedOver = new LinkedHashSet<>();
    private boolean isElsewhere;

    private ScriptCalls(Path directory, JsonNode scripts, String tool) {
        this.directory = directory;
        this.scripts = scripts;
        this.tool = tool;
    }

    /**
     * Reads a script.
     *
     * @param directory the package's
     * @param scripts its scripts
     * @param script the name of the one to read
     * @param tool the tool
     */
    static ScriptCalls of(Path directory, JsonNode scripts, String script, String tool) {
        ScriptCalls read = new ScriptCalls(directory, scripts, tool);
        read.script(script, List.of(), new Place(0, false, Map.of()));
        return read;
    }

    /** All calls of the tool, in their order. */
    List<ToolCall> calls() {
        return List.copyOf(calls);
    }

    /** What measures the coverage of these calls: the words of each, its name first. */
    Set<List<String>> measuring() {
        return Set.copyOf(measuring);
    }

    /** Whether a call of the tool comes behind a change to another directory. */
    boolean isElsewhere() {
        return isElsewhere;
    }

    /** Commands that run scripts of other packages. */
    List<String> handedOver() {
        return List.copyOf(handedOver);
    }

    /** The other commands, as far as tests could depend on them. */
    List<String> others() {
        return List.copyOf(others);
    }

    /** Where a command is called: by how many scripts, whether in another directory, with which variables. */
    private record Place(int depth, boolean moved, Map<String, String> variables) {
        Place elsewhere() {
            return new Place(depth, true, variables);
        }

        Place with(Map<String, String> more) {
            Map<String, String> all = new HashMap<>(variables);
            all.putAll(more);
            return new Place(depth, moved, all);
        }

        Place deeper() {
            return new Place(depth + 1, moved, variables);
        }
    }

    private void script(String name, List<String> added, Place place) {
        if (place.depth() > MAX_DEPTH) {
            return;
        }
        for (String each : List.of("pre" + name, name, "post" + name)) {
            if (scripts.has(each)) {
                text(scripts.path(each).asText(""), each.equals(name) ? added : List.of(), place);
            }
        }
    }

    private void text(String text, List<String> added, Place start) {
        List<List<String>> commands = ShellScript.commands(text, directory);
        Deque<Place> outer = new ArrayDeque<>();
        Place place = start;
        for (int i = 0; i < commands.size(); i++) {
            List<String> words = new ArrayList<>(commands.get(i));
            if (words.equals(List.of("("))) {
                outer.push(place);
            } else if (words.equals(List.of(")"))) {
                place = outer.isEmpty() ? place : outer.pop();
            } else {
                while (!words.isEmpty() && KEYWORDS.contains(words.get(0))) {
                    words.remove(0);
                }
                if (i == commands.size() - 1) {
                    words.addAll(added); // npm puts them behind the script
                }
                place = words.isEmpty() ? place : command(words, place);
            }
        }
    }

    /** Takes a command; answers with the place of the next one. */
    private Place command(List<String> words, Place place) {
        ToolCall call = ToolCall.of(words, tool);
        if (call != null) {
            calls.add(call.after(place.variables()));
            isElsewhere |= place.moved();
            List<String> before = ToolCall.measuring(words, tool);
            if (!before.isEmpty()) {
                measuring.add(List.copyOf(before));
            }
            ToolCall.unknownBefore(words, tool).ifPresent(others::add);
            return place;
        }
        Map<String, String> variables = new HashMap<>();
        List<String> rest = ToolCall.withoutVariables(words, variables);
        if (rest.isEmpty() || rest.get(0).equals("export")) {
            rest.stream().skip(1).forEach(each -> ToolCall.addVariable(each, variables));
            return place.with(variables);
        }
        String program = rest.get(0).substring(rest.get(0).lastIndexOf('/') + 1);
        if (program.equals("cd") || program.equals("pushd")) {
            return place.elsewhere();
        }
        if (place.depth() > MAX_DEPTH
                || !isFollowed(program, rest, place.with(variables).deeper())) {
            if (!HARMLESS.contains(program) && !List.of("exit", "exit 0").contains(String.join(" ", rest))) {
                others.add(String.join(" ", words));
            }
        }
        return place;
    }

    /** Whether a command runs scripts, and they were read. */
    private boolean isFollowed(String program, List<String> words, Place place) {
        List<String> after = words.subList(1, words.size());
        if (OF_PACKAGES.contains(program) || MANAGERS.contains(program) && isOfPackages(after)) {
            handedOver.add(String.join(" ", words));
            return true;
        }
        if (SHELLS.contains(program)) {
            List<String> texts = after.stream()
                    .filter(each -> each.contains(" ") || each.startsWith("npm:"))
                    .toList();
            Map<String, String> variables = new HashMap<>();
            after.forEach(each -> ToolCall.addVariable(each, variables));
            texts.forEach(each -> text(each.replaceFirst("^npm:", "npm run "), List.of(), place.with(variables)));
            return !texts.isEmpty();
        }
        if (SEVERAL.contains(program)) {
            return after.stream().filter(each -> !each.startsWith("-")).allMatch(each -> named(each, place));
        }
        int at = 0;
        while (at < after.size()
                && (after.get(at).startsWith("-") || after.get(at).matches("run|run-script"))) {
            at++;
        }
        boolean isRun = MANAGERS.contains(program) || program.equals("node") && after.contains("--run");
        if (!isRun || at >= after.size()) {
            return false;
        }
        String name = after.get(at).matches("t|tst") && program.equals("npm") ? "test" : after.get(at);
        List<String> passed = passedOn(program, after.subList(at + 1, after.size()));
        if (program.equals("pnpm") && name.matches("/.+/")) {
            return fitting(name.substring(1, name.length() - 1), passed, place);
        }
        if (!scripts.has(name)) {
            return false;
        }
        script(name, passed, place);
        return true;
    }

    private static boolean isOfPackages(List<String> words) {
        return words.stream()
                .takeWhile(each -> !each.equals("--"))
                .anyMatch(each -> ELSEWHERE.matcher(each).matches());
    }

    /** npm keeps options in front of {@code --} for itself. */
    private static List<String> passedOn(String program, List<String> words) {
        int end = words.indexOf("--");
        List<String> passed = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            boolean isKept = program.equals("npm") && words.get(i).startsWith("-") && (end < 0 || i < end);
            if (i != end && !isKept) {
                passed.add(words.get(i));
            }
        }
        return passed;
    }

    /** Reads the scripts that a regular expression of pnpm fits; whether there are any. */
    private boolean fitting(String regex, List<String> added, Place place) {
        try {
            Pattern pattern = Pattern.compile(regex);
            List<String> names = scripts.properties().stream()
                    .map(Map.Entry::getKey)
                    .filter(each -> pattern.matcher(each).find())
                    .toList();
            names.forEach(each -> script(each, added, place));
            return !names.isEmpty();
        } catch (PatternSyntaxException e) {
            return false; // JavaScript has some that Java has not: the command is told as one that is not known
        }
    }

    /** Reads the scripts that a pattern of npm-run-all names; whether there are any. */
    private boolean named(String pattern, Place place) {
        List<String> words = List.of(pattern.strip().split("\\s+"));
        String any = words.get(0)
                .replaceAll("[^\\w*]", "\\\\$0")
                .replace("**", "\0")
                .replace("*", "[^:]*")
                .replace("\0", ".*");
        boolean found = false;
        for (Map.Entry<String, JsonNode> each : scripts.properties()) {
            if (each.getKey().matches(any)) {
                found = true;
                script(each.getKey(), passedOn("npm", words.subList(1, words.size())), place);
            }
        }
        return found;
    }
}
