package io.jenkins.plugins.distributedtest.build;

import io.jenkins.plugins.distributedtest.files.Glob;
import io.jenkins.plugins.distributedtest.files.PlainFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Which classes an execution of Surefire or Failsafe takes, by its parameters {@code includes} and {@code excludes}
 * and the files that
 * {@code includesFile} and {@code excludesFile} name (documented with the plugins' goals): patterns of paths with or without an ending, {@code %regex[…]}, {@code !} for the
 * opposite, several in one text with commas.
 */
final class TestClassPatterns {
    private static final int MAX_BYTES = 4 << 20;
    private static final List<String> UNIT = List.of("**/Test*", "**/*Test", "**/*Tests", "**/*TestCase");
    private static final List<String> INTEGRATION = List.of("**/IT*", "**/*IT", "**/*ITCase");

    private static final String CLASS = ".class";

    /** Left out where nothing else is. */
    private static final List<String> NESTED = List.of("**/*$*");

    private final List<Predicate<String>> includes;
    private final List<Predicate<String>> excludes;

    private TestClassPatterns(List<Predicate<String>> includes, List<Predicate<String>> excludes) {
        this.includes = includes;
        this.excludes = excludes;
    }

    /** @throws IllegalArgumentException if one is malformed; the message names it */
    static TestClassPatterns of(TestExecution execution) throws IOException {
        List<Predicate<String>> includes = new ArrayList<>();
        List<Predicate<String>> excludes = new ArrayList<>();
        for (String each : split(given(execution, "includes"))) {
            if (each.startsWith("!")) {
                excludes.add(pattern(each.substring(1)));
            } else {
                includes.add(pattern(each));
            }
        }
        if (includes.isEmpty()) {
            (execution.isIntegration() ? INTEGRATION : UNIT).forEach(each -> includes.add(pattern(each)));
        }
        List<String> excluded = split(given(execution, "excludes"));
        (excluded.isEmpty() ? NESTED : excluded).forEach(each -> excludes.add(pattern(each)));
        return new TestClassPatterns(includes, excludes);
    }

    /** What the parameter says, and the file that another names, a pattern on a line. */
    private static List<String> given(TestExecution execution, String parameter) throws IOException {
        List<String> all = new ArrayList<>();
        String file = execution.text(parameter + "File");
        if (!file.isEmpty()) {
            PlainFile.text(execution.module().resolve(file), MAX_BYTES)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .forEach(all::add);
        }
        all.addAll(execution.list(parameter));
        return all;
    }

    private static List<String> split(List<String> texts) {
        List<String> all = new ArrayList<>();
        for (String text : texts) {
            // A comma inside of a regular expression belongs to it.
            for (String each : text.startsWith("%regex[") ? new String[] {text} : text.split(",")) {
                if (!each.isBlank()) {
                    all.add(each.strip());
                }
            }
        }
        return all;
    }

    private static Predicate<String> pattern(String text) {
        if (text.contains("#")) {
            throw new IllegalArgumentException("the pattern " + text + " chooses methods, which Surefire refuses, too");
        }
        if (text.startsWith("%regex[") && text.endsWith("]")) {
            Pattern regex = Pattern.compile(text.substring("%regex[".length(), text.length() - 1));
            return path -> regex.matcher(path + ".class").matches();
        }
        String plain = text.startsWith("%ant[") && text.endsWith("]")
                ? text.substring("%ant[".length(), text.length() - 1)
                : text;
        String resolved = resolved(plain);
        if (resolved.endsWith(".*") || resolved.endsWith(CLASS)) {
            Glob glob = Glob.parse(resolved);
            return path -> glob.matches(path + CLASS);
        }
        // One of a directory is none of the classes in it.
        Glob whole = Glob.parse(resolved.replaceFirst("/+$", ""));
        Glob named = Glob.parse(resolved + CLASS);
        return path -> whole.matches(path + CLASS) || named.matches(path + CLASS);
    }

    /** As Surefire reads it ({@code ResolvedTest}): a class's name or a path, with or without an ending, in any directory. */
    private static String resolved(String text) {
        String pattern = text.endsWith(".java") ? text.substring(0, text.length() - ".java".length()) + CLASS : text;
        String ending = pattern.endsWith(CLASS) ? CLASS : pattern.endsWith(".*") ? ".*" : "";
        String name = pattern.substring(0, pattern.length() - ending.length());
        if (ending.equals(CLASS) || !pattern.contains("/")) {
            name = name.replace('.', '/');
        }
        return (name.startsWith("**/") ? "" : "**/") + name + ending;
    }

    /**
     * Whether a class is taken.
     *
     * @param path its path below the directory of classes, without an ending
     */
    boolean takes(String path) {
        return includes.stream().anyMatch(each -> each.test(path))
                && excludes.stream().noneMatch(each -> each.test(path));
    }
}
