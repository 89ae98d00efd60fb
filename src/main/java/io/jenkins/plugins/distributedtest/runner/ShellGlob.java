package io.jenkins.plugins.distributedtest.runner;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What the shell makes of a pattern in a script of a {@code package.json}: {@code **} is as {@code *}, which stays within a
 * name; names that begin with a dot are matched by a dot only; where nothing matches, the pattern stays as it is.
 */
final class ShellGlob {
    private static final String SPECIAL = "*?[";

    private ShellGlob() {}

    /** Whether a character makes a word a pattern. */
    static boolean isSpecial(char c) {
        return SPECIAL.indexOf(c) >= 0;
    }

    /**
     * The paths that a pattern stands for.
     *
     * @param directory where the script runs
     * @param pattern a word of the script
     * @return paths as the shell writes them, sorted; the pattern itself if nothing matches
     */
    static List<String> expand(Path directory, String pattern) {
        List<String> found = List.of("");
        for (String segment : pattern.split("(?<=/)")) {
            String name = segment.endsWith("/") ? segment.substring(0, segment.length() - 1) : segment;
            List<String> next = new ArrayList<>();
            for (String before : found) {
                names(directory.resolve(before), name)
                        .forEach(each -> next.add(before + each + segment.substring(name.length())));
            }
            found = next;
        }
        return found.isEmpty() ? List.of(pattern) : found.stream().sorted().toList();
    }

    private static List<String> names(Path directory, String name) {
        if (name.chars().noneMatch(c -> isSpecial((char) c))) {
            return Files.exists(directory.resolve(name)) ? List.of(name) : List.of();
        }
        Pattern pattern = regex(name);
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            for (Path each : all) {
                String found = each.getFileName().toString();
                if (pattern.matcher(found).matches() && found.startsWith(".") == name.startsWith(".")) {
                    names.add(found);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return List.of(); // the shell passes over what it cannot read
        }
        return names;
    }

    private static Pattern regex(String name) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            int end = c == '[' ? name.indexOf(']', i + 2) : -1;
            if (c == '*') {
                regex.append(".*");
            } else if (c == '?') {
                regex.append('.');
            } else if (end > 0) {
                String set = name.substring(i + 1, end)
                        .replace("\\", "\\\\")
                        .replace("[", "\\[")
                        .replace("&", "\\&");
                regex.append('[')
                        .append(set.startsWith("!") ? "^" + set.substring(1) : set)
                        .append(']');
                i = end;
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }
}
