package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reporters of the project that a package's test script names for Node's own runner: such code may decide on the result of the
 * whole run, and is not called here. Those of other tools are told by the tools themselves.
 */
public final class OwnReporters {
    /** One that is a file; others are Node's own, or packages. */
    private static final Pattern REPORTER = Pattern.compile("--test-reporter=((?:\\.{0,2}/|file:).*)");

    private OwnReporters() {}

    /**
     * What nobody asks in a run of a suite.
     *
     * @param workspace the directory of the suite
     * @param runners how its files are run, with the projects that are in it
     * @return sentences for people; empty if there is nothing
     */
    public static List<String> unjudged(Path workspace, RunnerSettings runners) {
        List<String> told = new ArrayList<>();
        for (String directory : CoverageLimits.directories(runners)) {
            for (String reporter : of(workspace.resolve(directory))) {
                told.add("Not judged: what the reporter " + reporter + " makes of the results, which the test script"
                        + (directory.isEmpty() ? "" : " of " + directory) + " gives to node."
                        + " The project's own command may fail by it where this run does not");
            }
        }
        return told;
    }

    private static Set<String> of(Path directory) {
        Set<String> reporters = new TreeSet<>();
        JavaScriptPackage here = JavaScriptPackage.in(directory);
        if (here == null) {
            return reporters;
        }
        for (ToolCall call : here.read("test", RunnerKind.NODE.label()).calls()) {
            String options = String.join("\n", call.nodeOptions()).replace("--test-reporter\n", "--test-reporter=");
            options.lines()
                    .map(REPORTER::matcher)
                    .filter(Matcher::matches)
                    .forEach(each -> reporters.add(each.group(1)));
        }
        return reporters;
    }
}
