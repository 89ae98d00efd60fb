package io.jenkins.plugins.distributedtest.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many tests of a build may pass only when it runs them again ({@code failOnFlakeCount} of Surefire): a limit of all files
 * of an execution, so that it is judged by what each of them has told.
 */
final class FlakeLimits {
    /** How the runner of JUnit tells of those of one file. */
    private static final Pattern TOLD =
            Pattern.compile("(?m)^Flaky tests: (\\d+); (the build fails from (\\d+) on \\(failOnFlakeCount\\) in .*)$");

    private FlakeLimits() {}

    /**
     * What is beyond a limit, a sentence each; empty for nothing. Files that failed are left out: they fail their build by
     * themselves.
     */
    static List<String> exceeded(List<FileReport> files) {
        Map<String, Long> flakes = new TreeMap<>();
        Map<String, Long> limits = new TreeMap<>();
        for (FileReport file : files) {
            if (!file.hasWarning() || !file.last().result().runner().equals("junit")) {
                continue;
            }
            Matcher told = TOLD.matcher(file.last().result().message());
            if (told.find()) {
                flakes.merge(told.group(2), Long.valueOf(told.group(1)), Long::sum);
                limits.put(told.group(2), Long.valueOf(told.group(3)));
            }
        }
        List<String> exceeded = new ArrayList<>();
        flakes.forEach((build, count) -> {
            if (count >= limits.get(build)) {
                exceeded.add(count + " tests passed only when they were run again: " + build);
            }
        });
        return exceeded;
    }
}
