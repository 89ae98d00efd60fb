package io.jenkins.plugins.distributedtest.cli;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A project's test files of Python, and whose they are.
 *
 * @param framework {@code pytest}, {@code unittest} or {@code Django}
 * @param files their paths, as far as their names tell
 * @param tellsFiles whether the framework can be asked which files there are, with what is configured for it
 */
record PythonTests(String framework, List<String> files, boolean tellsFiles) {
    private static final Pattern USUAL = Pattern.compile("(?:.*/)?(?:test_[^/]*|[^/]*_test)\\.py");
    private static final Pattern DJANGOS = Pattern.compile("(?:.*/)?test[^/]*\\.py");

    /** Those of a project: of Django where it is one, else those of projects of Django below it, and the others. */
    static List<PythonTests> of(ProjectProbe probe) {
        if (probe.isOfDjango()) {
            return List.of(new PythonTests("Django", matching(probe, DJANGOS), true));
        }
        List<String> projects = probe.djangoDirectories();
        List<String> ofDjango = matching(probe, DJANGOS).stream()
                .filter(path -> isBelow(path, projects))
                .toList();
        List<String> others = matching(probe, USUAL).stream()
                .filter(path -> !isBelow(path, projects))
                .toList();
        boolean unittest = !probe.usesPytest(others) && probe.anyHolds(others, "import unittest");
        PythonTests usual = new PythonTests(unittest ? "unittest" : "pytest", others, probe.isOfPytest());
        return ofDjango.isEmpty()
                ? List.of(usual)
                : others.isEmpty()
                        ? List.of(new PythonTests("Django", ofDjango, false))
                        : List.of(new PythonTests("Django", ofDjango, false), usual);
    }

    private static List<String> matching(ProjectProbe probe, Pattern name) {
        return probe.matching(path -> name.matcher(path).matches());
    }

    private static boolean isBelow(String path, List<String> directories) {
        return directories.stream().anyMatch(each -> path.startsWith(each + "/"));
    }

    /** The runner that must be named for the files; null if their names tell. */
    String rule() {
        return switch (framework) {
            case "unittest" -> "unittest";
            case "Django" -> "django";
            default -> null;
        };
    }

    /** Those whose names match the glob {@code **}{@code /test_*.py}, or Django's own pattern. */
    List<String> prefixed() {
        return files.stream()
                .filter(path -> isDjangos() || TestNames.isTestPrefixed(path))
                .toList();
    }

    /** The others. */
    List<String> suffixed() {
        return files.stream().filter(path -> !prefixed().contains(path)).toList();
    }

    /** The glob for those of {@link #prefixed}. */
    String glob() {
        return isDjangos() ? "**/test*.py" : "**/test_*.py";
    }

    /** A word on files that are not named, since the framework is asked. */
    String asked() {
        return isDjangos()
                ? "Each run asks the project's own command (manage.py test, or a script in its place) which tests it would"
                        + " run. So no files are named here."
                : "pytest itself says what its tests are: each run asks it and runs what pytest without arguments would."
                        + " So no files are named here.";
    }

    private boolean isDjangos() {
        return framework.equals("Django");
    }
}
