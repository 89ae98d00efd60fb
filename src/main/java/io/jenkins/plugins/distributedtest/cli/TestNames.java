package io.jenkins.plugins.distributedtest.cli;

import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What names of test files tell, for {@link ProposedConfiguration}. */
final class TestNames {
    private TestNames() {}

    /**
     * Those in the directories where the framework's own command looks; all, where there are none in such. A directory of
     * that name below {@code lib} holds what the project offers, not its tests.
     */
    static List<String> usual(String directory, List<String> paths) {
        List<String> inside = paths.stream()
                .filter(path -> {
                    int at = ("/" + path).indexOf("/" + directory + "/");
                    return at >= 0 && !("/" + path.substring(0, at)).contains("/lib/");
                })
                .toList();
        return inside.isEmpty() ? paths : inside;
    }

    /** Whether a file of Ruby has a prefix in its name, and none of the usual endings. */
    static boolean isNamed(String path, String prefix) {
        return !path.endsWith("_test.rb")
                && path.substring(path.lastIndexOf('/') + 1).startsWith(prefix);
    }

    /** Whether a name begins as pytest has it. */
    static boolean isTestPrefixed(String path) {
        return path.substring(path.lastIndexOf('/') + 1).startsWith("test_");
    }

    /** How many there are, for people. */
    static String count(List<String> tests) {
        return count(tests.size());
    }

    /** The same of a number. */
    static String count(int files) {
        return files + (files == 1 ? " file" : " files");
    }

    /** The endings of scripts, with what tells that they are tests. */
    static TreeSet<String> endings(List<String> tests) {
        TreeSet<String> endings = new TreeSet<>();
        Pattern ending = Pattern.compile("[._-](?:test|spec)\\.[a-z]+$");
        tests.forEach(path -> ending.matcher(path).results().forEach(match -> endings.add(match.group())));
        return endings;
    }
}
