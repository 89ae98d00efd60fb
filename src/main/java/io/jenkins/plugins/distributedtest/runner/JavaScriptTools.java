package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.files.Glob;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings.Rule;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Finds the test tool of JavaScript files by the packages that they lie in.
 *
 * <p>Of the packages between the workspace and a file the outermost whose test script calls a tool decides, since its
 * command runs what is below it; otherwise the innermost that has a tool as a dependency or a configuration of it.
 * What is found becomes rules behind those that are set.
 */
final class JavaScriptTools {
    private static final List<RunnerKind> TOOLS =
            List.of(RunnerKind.JEST, RunnerKind.VITEST, RunnerKind.MOCHA, RunnerKind.AVA, RunnerKind.PLAYWRIGHT);
    private static final Pattern SCRIPT = Pattern.compile(".*\\.[cm]?[jt]sx?");
    private static final Pattern HIDDEN = Pattern.compile("(?:.*/)?\\.[^/].*");
    private static final String SCRIPTS = "**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}";

    private final Path workspace;
    private final Map<String, JavaScriptPackage> packages = new HashMap<>();

    private JavaScriptTools(Path workspace) {
        this.workspace = workspace;
    }

    /**
     * The settings with rules for the JavaScript files of a suite.
     *
     * @param workspace the tree
     * @param settings what is set
     * @param files the suite
     */
    static RunnerSettings known(Path workspace, RunnerSettings settings, List<TestFile> files) {
        JavaScriptTools tools = new JavaScriptTools(workspace);
        Map<String, RunnerKind> found = new TreeMap<>(
                Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));
        for (TestFile file : files) {
            if (isScript(file)) {
                Place place = tools.placeOf(file);
                found.putIfAbsent(place.directory(), place.kind());
            }
        }
        boolean hasOthers = found.values().stream().anyMatch(kind -> kind != RunnerKind.NODE);
        List<Rule> rules = new ArrayList<>(settings.rules());
        found.forEach((directory, kind) -> {
            // Node's own runner needs a rule where one for what is around would take its files, and for files that it
            // is
            // given by its test script, whatever they are called.
            boolean isNeeded = kind != RunnerKind.NODE
                    || hasOthers && !directory.isEmpty()
                    || settings.command().isEmpty() && tools.isOfNode(directory);
            if (isNeeded) {
                rules.addAll(tools.rulesOf(new Place(directory, kind), files));
            }
        });
        return rules.size() == settings.rules().size() ? settings : settings.ruled(rules);
    }

    /** Rules for all scripts of a package; patterns do not fit hidden files, which a tool may have chosen all the same. */
    private List<Rule> rulesOf(Place place, List<TestFile> files) {
        String base = place.directory().isEmpty() ? "" : Glob.literal(place.directory()) + "/";
        String runner = place.kind().label();
        List<Rule> rules = new ArrayList<>(List.of(new Rule(base + SCRIPTS, runner)));
        files.stream()
                .filter(file -> HIDDEN.matcher(file.path()).matches() && isScript(file))
                .filter(file -> placeOf(file).equals(place))
                .forEach(file -> rules.add(new Rule(Glob.literal(file.path()), runner)));
        return rules;
    }

    /** Whether a file's name is that of a script. */
    static boolean isScript(TestFile file) {
        return SCRIPT.matcher(file.path()).matches();
    }

    private boolean isOfNode(String directory) {
        JavaScriptPackage here = packageIn(directory);
        return here != null && here.tests(RunnerKind.NODE.label());
    }

    /** The directory of the package that decides about a file of a tool, relative to the workspace; null for none. */
    static String rootOf(Path workspace, TestFile file, RunnerKind kind) {
        Place place = new JavaScriptTools(workspace).placeOf(file);
        return place.kind() == kind ? place.directory() : null;
    }

    /** The tools besides one that the test script of a package calls. */
    static List<String> others(JavaScriptPackage here, RunnerKind kind) {
        List<String> others = new ArrayList<>();
        TOOLS.stream()
                .filter(each -> each != kind && here.tests(each.label()))
                .forEach(each -> others.add(each.label()));
        if (kind != RunnerKind.NODE && here.tests(RunnerKind.NODE.label())) {
            others.add("node --test");
        }
        return others;
    }

    private JavaScriptPackage packageIn(String directory) {
        if (!packages.containsKey(directory)) {
            packages.put(directory, JavaScriptPackage.in(workspace.resolve(directory)));
        }
        return packages.get(directory);
    }

    /** The one that the test script calls, else one that is used; null if there is none. */
    static RunnerKind toolOf(JavaScriptPackage here) {
        for (RunnerKind kind : TOOLS) {
            if (here.tests(kind.label())) {
                return kind;
            }
        }
        if (here.tests(RunnerKind.NODE.label())) {
            return RunnerKind.NODE;
        }
        return TOOLS.stream()
                .filter(kind -> here.uses(kind.label()))
                .findFirst()
                .orElse(null);
    }

    private record Place(String directory, RunnerKind kind) {}

    private Place placeOf(TestFile file) {
        Place innermost = new Place("", RunnerKind.NODE);
        String[] parts = file.path().split("/");
        String at = "";
        for (int i = 0; i < parts.length; i++) {
            JavaScriptPackage here = packageIn(at);
            RunnerKind kind = here == null ? null : toolOf(here);
            if (kind != null && here.tests(kind.label())) {
                return new Place(at, kind);
            }
            innermost = kind == null ? innermost : new Place(at, kind);
            at = at.isEmpty() ? parts[i] : at + "/" + parts[i];
        }
        return innermost;
    }
}
