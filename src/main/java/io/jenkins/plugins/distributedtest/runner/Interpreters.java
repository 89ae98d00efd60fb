package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The commands that start the languages' interpreters. */
final class Interpreters {
    private Interpreters() {}

    /**
     * The command for a language: the one that is set, else its usual name.
     *
     * @param language {@code ruby}, {@code python}, {@code node} or {@code java}
     */
    static List<String> of(RunnerSettings settings, RunnerEnvironment environment, String language) {
        List<String> set = settings.interpreters().get(language);
        if (set != null && !set.isEmpty()) {
            return set;
        }
        return switch (language) {
            case "python" -> List.of("python3");
            case "java" -> List.of(java(environment.environment()));
            default -> List.of(language);
        };
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
