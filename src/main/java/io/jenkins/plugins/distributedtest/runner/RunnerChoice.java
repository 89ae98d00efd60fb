package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.files.Glob;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.SubProject;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Decides which runner takes a file: that of its project if it says one, else the first rule of the settings that
 * matches, else the name's usual meaning.
 */
final class RunnerChoice {
    /** Tried in order against the file's name. */
    private static final List<Map.Entry<Pattern, RunnerKind>> DEFAULTS = List.of(
            usual("(?:.*_)?spec\\.rb", RunnerKind.RSPEC),
            usual(".*_test\\.rb|test[_-].*\\.rb", RunnerKind.MINITEST),
            usual("test_.*\\.py|.*_test\\.py", RunnerKind.PYTEST),
            usual(UnittestPackages.INIT.replace(".", "\\."), RunnerKind.UNITTEST),
            usual("(?:.*Tests?|.*TestCase|Test.*|.*IT|IT.*)\\.(?:java|kt|groovy|scala|class)", RunnerKind.JUNIT),
            usual("(?:.*[.\\-_])?(?:test|spec)\\.(?:js|mjs|cjs|ts|mts|cts)", RunnerKind.NODE),
            usual("test-.*\\.(?:js|mjs|cjs|ts|mts|cts)", RunnerKind.NODE),
            usual(".*\\.go", RunnerKind.GO));

    private RunnerChoice() {}

    private static Map.Entry<Pattern, RunnerKind> usual(String name, RunnerKind kind) {
        return Map.entry(Pattern.compile(name), kind);
    }

    /** As {@link #of(RunnerSettings, SubProject, TestFile)}, with the suite's settings. */
    static RunnerKind of(RunnerSettings suite, TestFile file) throws RunnerException {
        SubProject project = suite.projectOf(file);
        return of(suite.under(project.settings()), project, file);
    }

    /**
     * The runner of a file.
     *
     * @param settings the suite's, with those of the project over them
     * @param project the file's project
     * @throws RunnerException if no runner takes it, or one that does not exist or has nothing to run it with
     */
    static RunnerKind of(RunnerSettings settings, SubProject project, TestFile file) throws RunnerException {
        RunnerKind kind =
                project.runner() == null ? choose(settings, file) : named(project.runner(), "The project " + project);
        if (kind == RunnerKind.COMMAND && settings.command().isEmpty()) {
            throw new RunnerException(
                    "A rule or project gives " + file + " to the runner 'command', but no command template is"
                            + " set. Set one, such as \"runners\": {\"command\": [\"bash\", \"{file}\"]}.",
                    "",
                    false);
        }
        return kind;
    }

    private static RunnerKind named(String name, String by) throws RunnerException {
        return RunnerKind.named(name)
                .orElseThrow(() -> new RunnerException(
                        by + " names the runner '" + name + "', which does not exist. There are: " + RunnerKind.names()
                                + ".",
                        "",
                        false));
    }

    private static RunnerKind choose(RunnerSettings settings, TestFile file) throws RunnerException {
        for (RunnerSettings.Rule rule : settings.rules()) {
            if (matches(rule.glob(), file.path())) {
                return named(rule.runner(), "The rule for " + rule.glob());
            }
        }
        String name = file.path().substring(file.path().lastIndexOf('/') + 1);
        for (Map.Entry<Pattern, RunnerKind> each : DEFAULTS) {
            if (each.getKey().matcher(name).matches()) {
                return each.getValue();
            }
        }
        if (!settings.command().isEmpty()) {
            return RunnerKind.COMMAND;
        }
        throw new RunnerException(
                "No runner is known for " + file.path() + ". Choose one by a rule, such as "
                        + "\"runners\": {\"files\": {\"**/" + name + "\": \"" + likely(name) + "\"}} (there are: "
                        + RunnerKind.names() + "), or set a command template that runs it.",
                "",
                false);
    }

    /** A runner that may be the right one, judging by the language that a file is written in. */
    private static String likely(String name) {
        String ending = name.substring(name.lastIndexOf('.') + 1);
        return switch (ending) {
            case "rb" -> "minitest";
            case "py" -> "pytest";
            case "java", "kt", "groovy", "scala", "class" -> "junit";
            case "js", "mjs", "cjs", "ts", "mts", "cts", "jsx", "tsx" -> "node";
            default -> "command";
        };
    }

    private static boolean matches(String glob, String path) throws RunnerException {
        try {
            return Glob.known(glob).matches(path);
        } catch (IllegalArgumentException e) {
            throw new RunnerException("Not a glob in a runner rule: " + e.getMessage(), "", false);
        }
    }
}
