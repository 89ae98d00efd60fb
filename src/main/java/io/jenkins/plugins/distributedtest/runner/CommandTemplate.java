package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.SubProject;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The template of the {@code command} runner: what stands for a file in it, and which tools would take a path for a
 * pattern.
 */
public final class CommandTemplate {
    private static final String FILE = "{file}";

    /** Tools that look for a regular expression in the paths of their files. */
    private static final Set<String> BY_REGEX = Set.of("jest", "playwright", "ctest");

    /** Tools that take each argument for a glob, also where there is a file of that name (as mocha does not). */
    private static final Set<String> BY_GLOB = Set.of("ava", "tape", "jasmine", "cypress");

    /** With these words Jest takes paths. */
    private static final List<String> BY_PATH = List.of("--runTestsByPath", "--run-tests-by-path");

    private static final String REGEX_SIGNS = "\\^$.|?*+()[]{}";
    private static final String IN_BRACKETS = "*?[()+|";
    private static final String ESCAPED = "\\{}";

    private CommandTemplate() {}

    /**
     * Fills in a file, in one pass over each argument, so that a file named {@code {junit}} stays what it is.
     *
     * @param template the arguments, with {@code {file}}, {@code {regex}}, {@code {literal}} and {@code {junit}}
     * @param directory where the command runs, absolute
     * @param file the file's path in it
     * @param junit where the command may leave its report
     */
    static List<String> fill(List<String> template, Path directory, String file, Path junit) {
        // A file whose name begins so must not be taken for an option, nor for a glob that leaves files out.
        String dash = file.startsWith("-") ? "./" : "";
        String negated = file.startsWith("!") ? "\\" : dash;
        Map<String, String> values = new LinkedHashMap<>();
        values.put(FILE, dash + file);
        values.put("{regex}", regex(directory, file));
        values.put("{literal}", negated + literal(file));
        values.put("{junit}", junit.toAbsolutePath().toString());
        return template.stream().map(argument -> filled(argument, values)).toList();
    }

    private static String filled(String argument, Map<String, String> values) {
        StringBuilder filled = new StringBuilder();
        int at = 0;
        while (at < argument.length()) {
            int from = at;
            Optional<String> here = values.keySet().stream()
                    .filter(each -> argument.startsWith(each, from))
                    .findFirst();
            filled.append(here.map(values::get).orElse(argument.substring(at, at + 1)));
            at += here.map(String::length).orElse(1);
        }
        return filled.toString();
    }

    /** A regular expression of any dialect that a path fits, from the directory on or absolute, and no other. */
    private static String regex(Path directory, String path) {
        String before = directory.toAbsolutePath().toString().replace('\\', '/');
        return "^(" + escaped(before.endsWith("/") ? before : before + "/") + ")?" + escaped(path) + "$";
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        for (char each : text.toCharArray()) {
            escaped.append(REGEX_SIGNS.indexOf(each) < 0 ? "" : "\\").append(each);
        }
        return escaped.toString();
    }

    /** A glob that a path fits and no other: signs in brackets where a glob can have them there, else escaped. */
    private static String literal(String path) {
        StringBuilder literal = new StringBuilder();
        for (char each : path.toCharArray()) {
            if (IN_BRACKETS.indexOf(each) >= 0) {
                literal.append('[').append(each).append(']');
            } else {
                literal.append(ESCAPED.indexOf(each) < 0 ? "" : "\\").append(each);
            }
        }
        return literal.toString();
    }

    /**
     * What people should know before files are run by a template whose tool takes a path for a pattern.
     *
     * @param settings how files are run, settled for the suite
     * @param files the suite
     * @return a sentence for each such template
     */
    public static List<String> warnings(RunnerSettings settings, List<TestFile> files) {
        Map<List<String>, List<TestFile>> byTemplate = new LinkedHashMap<>();
        for (TestFile file : files) {
            SubProject project = settings.projectOf(file);
            RunnerSettings here = settings.under(project.settings());
            if (!here.command().isEmpty() && SuiteRunners.isRunBy(RunnerKind.COMMAND.label(), settings, file)) {
                byTemplate
                        .computeIfAbsent(here.command(), each -> new ArrayList<>())
                        .add(file);
            }
        }
        return byTemplate.entrySet().stream()
                .flatMap(each -> warning(each.getKey(), each.getValue()).stream())
                .toList();
    }

    private static Optional<String> warning(List<String> template, List<TestFile> files) {
        if (template.stream().noneMatch(each -> each.contains(FILE))) {
            return Optional.empty();
        }
        Set<String> words = new TreeSet<>();
        template.stream()
                .takeWhile(each -> !each.contains(FILE))
                .flatMap(each -> Stream.concat(Stream.of(each), programs(each)))
                .forEach(words::add);
        String found = "The template runners.command hands {file} to ";
        Optional<String> byRegex = words.stream().filter(BY_REGEX::contains).findFirst();
        if (byRegex.isPresent() && words.stream().noneMatch(BY_PATH::contains)) {
            return Optional.of(found + byRegex.get() + ", which takes it for a regular expression: it may run other"
                    + " files as well, or none. Write {regex}");
        }
        Optional<String> byGlob = words.stream()
                .filter(each -> BY_GLOB.contains(each) || each.equals("node") && words.contains("--test"))
                .findFirst();
        return byGlob.flatMap(tool -> files.stream()
                .filter(each -> !literal(each.path()).equals(each.path()))
                .findFirst()
                .map(each -> found + tool + ", which takes it for a glob: it may run other files than " + each.path()
                        + ", or none. Write {literal}"));
    }

    /** What a word may start: {@code jest@29}, {@code node_modules/.bin/jest}, {@code …/@playwright/test/cli.js}. */
    private static Stream<String> programs(String word) {
        return Stream.of(word.split("/"))
                .map(each -> each.replaceFirst("^@(?=playwright$)|\\.[cm]?js$|(?<=.)@[\\w.^~-]+$", ""));
    }
}
