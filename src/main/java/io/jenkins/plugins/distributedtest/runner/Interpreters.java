package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The commands that start the languages' interpreters. */
public final class Interpreters {
    private Interpreters() {}

    /**
     * The command for a language: the one that is set, else its usual name. One that is set by a path is the
     * project's where the project has it, else that of the workspace.
     *
     * @param workspace the workspace that the project is in
     * @param language {@code ruby}, {@code python}, {@code node} or {@code java}
     */
    static List<String> of(RunnerSettings settings, RunnerEnvironment environment, Path workspace, String language) {
        return of(settings, environment.workspace(), workspace, environment.environment(), language);
    }

    /**
     * The command for a language.
     *
     * @param settings the project's
     * @param project the project's directory
     * @param workspace the workspace that the project is in
     * @param environment variables of the run
     * @param language {@code ruby}, {@code python}, {@code node} or {@code java}
     */
    public static List<String> of(
            RunnerSettings settings, Path project, Path workspace, Map<String, String> environment, String language) {
        List<String> set = settings.interpreters().get(language);
        if (set != null && !set.isEmpty()) {
            return inWorkspace(set, project, workspace);
        }
        return switch (language) {
            case "python" -> List.of("python3");
            case "java" -> List.of(java(environment));
            default -> List.of(language);
        };
    }

    /** A project's own Python, of its virtual environment, where it has one and none is set; by the language's name. */
    static Map<String, List<String>> ownPython(RunnerSettings settings, Path project) {
        String own = ".venv/bin/python";
        boolean isUsed = !settings.interpreters().containsKey("python") && Files.exists(project.resolve(own));
        return isUsed ? Map.of("python", List.of(own)) : Map.of();
    }

    /** Ruby in a project's own bundle, where it has one and no interpreter is set; by the language's name. */
    static Map<String, List<String>> ownBundle(RunnerSettings settings, Path project) {
        boolean isUsed =
                !settings.interpreters().containsKey("ruby") && Files.isRegularFile(project.resolve("Gemfile"));
        return isUsed ? Map.of("ruby", List.of("bundle", "exec", "ruby")) : Map.of();
    }

    private static List<String> inWorkspace(List<String> command, Path project, Path workspace) {
        String program = command.get(0);
        if (project.equals(workspace) || !program.contains("/") || Files.exists(project.resolve(program))) {
            return command;
        }
        List<String> resolved = new ArrayList<>(command);
        resolved.set(0, workspace.resolve(program).toString());
        return resolved;
    }

    /** That of {@code JAVA_HOME}, the job's before the listener's; else the one that runs this program. */
    static String java(Map<String, String> environment) {
        String home = environment.getOrDefault("JAVA_HOME", System.getenv("JAVA_HOME"));
        if (home != null && !home.isEmpty()) {
            Path java = Path.of(home, "bin", "java");
            if (Files.isExecutable(java)) {
                return java.toString();
            }
        }
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
