package io.jenkins.plugins.distributedtest.build;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What runs the tests of an execution of Surefire or Failsafe. As the plugins choose it ({@code AbstractSurefireMojo}): all
 * that the build names as dependencies of the plugin, otherwise the first that the module's class path is for.
 */
enum SurefireProvider {
    /** The engines of the JUnit Platform. */
    PLATFORM,
    /** TestNG, also for classes of JUnit where its version can. */
    TESTNG,
    /** JUnit 4 itself. */
    JUNIT4,
    /** JUnit 3.8, and {@code testX} methods of plain classes. */
    JUNIT3;

    /** Those of an execution, in their order; never none. */
    static List<SurefireProvider> of(TestExecution execution) {
        List<SurefireProvider> named = new ArrayList<>();
        for (String artifact : execution.list("providers")) {
            SurefireProvider provider = switch (artifact) {
                case "surefire-junit-platform" -> PLATFORM;
                case "surefire-testng" -> TESTNG;
                case "surefire-junit4", "surefire-junit47" -> JUNIT4;
                case "surefire-junit3", "surefire-junit" -> JUNIT3;
                default -> null;
            };
            if (provider != null && !named.contains(provider)) {
                named.add(provider);
            }
        }
        return named.isEmpty() ? List.of(fitting(execution)) : named;
    }

    private static SurefireProvider fitting(TestExecution execution) {
        // The old runner of JUnit 4 that runs tests of the Platform comes with it, and is not it.
        boolean platform = (has(execution, "junit-platform-commons-") || has(execution, "junit-jupiter-api-"))
                && !has(execution, "junit-platform-runner-");
        if (platform || execution.is("vintage") && !has(execution, "testng-\\d")) {
            return PLATFORM;
        } else if (has(execution, "testng-\\d")) {
            return TESTNG;
        }
        return has(execution, "junit(-dep)?-4\\.") ? JUNIT4 : JUNIT3;
    }

    /** Whether a jar is on an execution's class path whose name begins as an expression says. */
    static boolean has(TestExecution execution, String jar) {
        Pattern start = Pattern.compile(jar);
        return execution.list("classPath").stream()
                .anyMatch(entry -> start.matcher(entry.substring(entry.lastIndexOf('/') + 1))
                        .lookingAt());
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
