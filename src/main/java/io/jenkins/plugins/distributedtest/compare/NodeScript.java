package io.jenkins.plugins.distributedtest.compare;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.distributedtest.files.Glob;
import io.jenkins.plugins.distributedtest.files.GlobWalk;
import io.jenkins.plugins.distributedtest.files.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The test script of a {@code package.json}, where it is a plain call of {@code node --test}. */
final class NodeScript {
    private static final long MAX_BYTES = 4 << 20;

    private NodeScript() {}

    /**
     * The arguments of {@code node} in the test script, with globs replaced by what matches, as npm's shell does.
     *
     * @param directory where the {@code package.json} is
     * @return null if there is none, or the script is anything else
     * @throws IOException if it cannot be read
     */
    static List<String> testArguments(Path directory) throws IOException {
        Path file = directory.resolve("package.json");
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MAX_BYTES) {
            return null;
        }
        JsonNode script = Json.bounded(100)
                .build()
                .readTree(file.toFile())
                .path("scripts")
                .path("test");
        List<String> words = script.isTextual() ? CommandWords.plain(script.asText()) : null;
        if (words == null || words.size() < 2 || !words.get(0).equals("node") || !words.contains("--test")) {
            return null;
        }
        List<String> arguments = new ArrayList<>();
        for (String word : words.subList(1, words.size())) {
            // The reporter is ours.
            if (!word.startsWith("--test-reporter")) {
                arguments.addAll(expanded(directory, word));
            }
        }
        return arguments;
    }

    private static List<String> expanded(Path directory, String word) throws IOException {
        if (word.startsWith("-") || word.chars().noneMatch(x -> x == '*' || x == '?' || x == '{')) {
            return List.of(word);
        }
        String glob = word.startsWith("./") ? word.substring(2) : word;
        List<String> found = GlobWalk.of(directory, List.of(Glob.parse(glob))).found().stream()
                .flatMap(each -> each.stream())
                .toList();
        return found.isEmpty() ? List.of(word) : found;
    }
}
