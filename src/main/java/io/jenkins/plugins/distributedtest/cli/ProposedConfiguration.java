package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.runner.RubySuite;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What {@code init} proposes for a project: its frameworks, and the configuration that runs them. */
final class ProposedConfiguration {
    private static final Pattern SPEC = Pattern.compile("(?:.*/)?[^/]*_spec\\.rb");
    private static final Pattern RUBY_TEST = Pattern.compile("(?:.*/)?(?:[^/]*_test|test[_-][^/]*)\\.rb");
    private static final Pattern HELPER = Pattern.compile("(?:.*/)?test/(?:[^/]*/)*[^/]*\\.rb");
    private static final Pattern NODE_TEST =
            Pattern.compile("(?:.*/)?[^/]*[._-](?:test|spec)\\.(?:js|mjs|cjs|ts|mts|cts)");
    private static final Pattern MAVEN_TEST = Pattern.compile("(?:.*/)?src/test/java/.*(?:Test|Tests|TestCase)\\.java");
    /** In a source set whose name tells of tests, in each language that Gradle's plugins compile. */
    private static final Pattern GRADLE_TEST = Pattern.compile(
            "(?:.*/)?src/\\w*[tT]est\\w*/(?:java|kotlin|groovy|scala)/.*(?:Test|Tests|TestCase|Spec)\\.(?:java|kt|groovy|scala)");

    private static final String NODE_MODULES =
            "node_modules travels to the listeners with the sources. If it is large, exclude it (job.sync.exclude) and"
                    + " install it there (job.callbacks.commands.after_sync).";

    private static final List<String> GRADLE_FILES =
            List.of("build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts");

    private final ProjectProbe probe;
    private final List<String> frameworks = new ArrayList<>();
    /** How many files each framework of Ruby has, whatever they are called. */
    private final Map<String, Integer> rubyFiles = new LinkedHashMap<>();

    private final List<String> hints = new ArrayList<>();
    private final List<String> globs = new ArrayList<>();
    private final Map<String, String> rules = new LinkedHashMap<>();
    private final Map<String, List<String>> interpreters = new LinkedHashMap<>();
    private final Map<String, Object> preload = new LinkedHashMap<>();
    private final Map<String, Object> values = new LinkedHashMap<>();

    /**
     * Makes the plan for the project that a probe has read.
     *
     * @param mayAsk whether code of the project may be run for it
     * @throws IOException if a tool's answer cannot be read
     */
    ProposedConfiguration(ProjectProbe probe, boolean mayAsk) throws IOException {
        this.probe = probe;
        rspec();
        rubyTests();
        python();
        go();
        node();
        junit();
        askPython();
        askRuby(mayAsk);
        if (!interpreters.isEmpty() || !rules.isEmpty() || !preload.isEmpty()) {
            putRunners();
        }
    }

    private void putRunners() {
        if (!rules.isEmpty()) {
            values.put("runners.files", rules);
        }
        if (!interpreters.isEmpty()) {
            values.put("runners.interpreters", interpreters);
        }
        if (!preload.isEmpty()) {
            values.put("runners.preload", preload);
        }
    }

    private void rspec() {
        List<String> specs = TestNames.usual(
                "spec", probe.matching(path -> SPEC.matcher(path).matches()));
        if (specs.isEmpty()) {
            return;
        }
        frameworks.add("RSpec (" + TestNames.count(specs) + ")");
        addGlobs(specs, "**/*_spec.rb");
        bundler();
        if (probe.has("spec/rails_helper.rb")) {
            preload.put("rspec", List.of("spec/rails_helper.rb"));
        }
    }

    private void rubyTests() {
        List<String> tests = TestNames.usual(
                "test", probe.matching(path -> RUBY_TEST.matcher(path).matches() && !path.endsWith("test_helper.rb")));
        addRuby(tests.stream().filter(path -> path.endsWith("_test.rb")).toList(), "**/*_test.rb");
        addRuby(tests.stream().filter(path -> TestNames.isNamed(path, "test_")).toList(), "**/test_*.rb");
        addRuby(tests.stream().filter(path -> TestNames.isNamed(path, "test-")).toList(), "**/test-*.rb");
        rubyFiles.forEach((framework, files) -> frameworks.add(framework + " (" + TestNames.count(files) + ")"));
    }

    private void addRuby(List<String> tests, String glob) {
        if (tests.isEmpty()) {
            return;
        }
        boolean testUnit = probe.anyHolds(tests, "test/unit")
                || probe.anyHolds(tests, "Test::Unit")
                || probe.anyHolds(probe.matching(path -> HELPER.matcher(path).matches()), "test/unit")
                || probe.holds("Gemfile", "test-unit");
        rubyFiles.merge(testUnit ? "test-unit" : "Minitest", tests.size(), Integer::sum);
        List<String> added = addGlobs(tests, glob);
        if (testUnit) {
            added.forEach(each -> rules.put(each, "test-unit"));
        }
        bundler();
    }

    private void bundler() {
        if (probe.has("Gemfile")) {
            interpreters.put("ruby", List.of("bundle", "exec", "ruby"));
        }
    }

    private void python() {
        PythonTests.of(probe).stream().filter(each -> !each.files().isEmpty()).forEach(this::python);
    }

    private void python(PythonTests tests) {
        frameworks.add(tests.framework() + " (" + TestNames.count(tests.files()) + ")");
        List<String> added = new ArrayList<>(addGlobs(tests.prefixed(), tests.glob()));
        added.addAll(addGlobs(tests.suffixed(), "**/*_test.py"));
        if (tests.rule() != null) {
            added.forEach(each -> rules.put(each, tests.rule()));
        }
        if (probe.has(".venv/bin/python")) {
            interpreters.put("python", List.of(".venv/bin/python"));
            hints.add("Python is taken from .venv, which must be at the same place on every listener.");
        }
    }

    /** Where Python's tests are all there is, their framework itself knows better than globs. */
    private void askPython() {
        List<PythonTests> all = PythonTests.of(probe);
        PythonTests tests = all.get(0);
        boolean alone = frameworks.isEmpty()
                || frameworks.size() == 1 && frameworks.get(0).startsWith(tests.framework() + " ");
        if (!alone || all.size() > 1 || !tests.tellsFiles()) {
            return;
        }
        if (frameworks.isEmpty()) {
            frameworks.add(tests.framework() + " (by its configuration)");
        }
        globs.clear();
        rules.clear();
        hints.add(tests.asked());
    }

    /** Where Ruby's tests of one command are all there is, that command itself knows better than globs. */
    private void askRuby(boolean mayAsk) throws IOException {
        List<String> commands = probe.rubyCommands();
        if (commands.size() != 1 || probe.isOfPytest() || probe.isOfDjango()) {
            return;
        }
        String command = commands.get(0);
        String own = command.equals(RubySuite.RSPEC) ? "RSpec .*" : "(Minitest|test-unit) .*";
        boolean rake = command.equals(RubySuite.RAKE);
        if (!frameworks.stream().allMatch(each -> each.matches(own)) || rake && mayAsk && !isToldByRake()) {
            return;
        }
        if (frameworks.isEmpty()) {
            frameworks.add(command);
        }
        globs.clear();
        rules.clear();
        preload.clear(); // as the command has it
        hints.add("Each run asks which files `" + command + "` would run" + (rake ? ", and how it starts Ruby" : "")
                + ". So no files are named here.");
    }

    private boolean isToldByRake() throws IOException {
        String why = probe.whyRakeIsSilent(interpreters);
        if (why != null) {
            hints.add("The load path and the options that `rake test` has Ruby start with are not known (" + why
                    + "): lib and test are on the load path.");
        }
        return why == null;
    }

    /** Where Go's tests are all there is, go itself knows better than globs. */
    private void go() {
        List<String> tests = probe.matching(path -> path.endsWith("_test.go"));
        if (tests.isEmpty()) {
            return;
        }
        frameworks.add("go (" + TestNames.count(tests) + ")");
        boolean others = frameworks.size() > 1
                || isMaven()
                || isGradle()
                || probe.isOfPytest()
                || probe.isOfDjango()
                || probe.javaScriptTool() != null
                || !probe.matching(path -> NODE_TEST.matcher(path).matches()).isEmpty();
        if (others || !probe.isOfGo()) {
            addGlobs(tests, "**/*_test.go");
            hints.add("Packages of Go without tests are not named here: go test ./... would compile those, too.");
        } else {
            hints.add("go itself says which packages there are: each run asks it. So no files are named here.");
        }
    }

    private void node() {
        String tool = probe.javaScriptTool();
        boolean isNode = "node".equals(tool);
        if (tool != null && globs.isEmpty() && !isMaven() && !isGradle()) {
            frameworks.add(isNode ? "node --test" : tool);
            hints.add(tool + " itself says what its tests are: each run asks it. So no files are named here.");
            if (!isNode || probe.hasDirectory("node_modules")) {
                hints.add(NODE_MODULES);
            }
            return;
        }
        List<String> tests = probe.matching(path -> NODE_TEST.matcher(path).matches());
        if (tests.isEmpty()) {
            return;
        }
        for (String ending : TestNames.endings(tests)) {
            addGlobs(tests.stream().filter(path -> path.endsWith(ending)).toList(), "**/*" + ending);
        }
        if (tool == null || isNode) {
            String name = probe.anyHolds(tests, "node:test") ? "node:test" : "node --test";
            frameworks.add(name + " (" + TestNames.count(tests) + ")");
        } else {
            frameworks.add(tool + " (" + TestNames.count(tests) + ")"); // each run finds it by package.json
            hints.add(NODE_MODULES);
        }
    }

    private boolean isMaven() {
        return probe.has("pom.xml");
    }

    private boolean isGradle() {
        return GRADLE_FILES.stream().anyMatch(probe::has);
    }

    private void junit() {
        boolean maven = isMaven();
        if (!maven && !isGradle()) {
            return;
        }
        List<String> tests = probe.matching(
                path -> (maven ? MAVEN_TEST : GRADLE_TEST).matcher(path).matches());
        if (tests.isEmpty()) {
            return;
        }
        frameworks.add("JUnit (" + TestNames.count(tests) + ")");
        String tool = maven ? "Maven" : "Gradle";
        String compiling = maven ? "mvn process-test-classes" : "gradle check without its tests";
        if (globs.isEmpty()) {
            hints.add(
                    "The build itself says what its tests are: each run compiles it (" + compiling + ") and runs what "
                            + (maven ? "mvn verify" : "gradle check") + " would. So no files are named here.");
        } else {
            tests.stream()
                    .map(path -> path.substring(path.lastIndexOf('.')))
                    .distinct()
                    .forEach(ending -> addGlobs(
                            tests.stream().filter(path -> path.endsWith(ending)).toList(), "**/*Test" + ending));
            hints.add("Each run compiles the " + tool + " build first (" + compiling
                    + ") and takes class path and options of the tests from it.");
        }
    }

    /** Adds a glob per top directory, so that other directories are not searched. */
    private List<String> addGlobs(List<String> files, String glob) {
        TreeSet<String> tops = new TreeSet<>();
        files.forEach(path -> tops.add(path.contains("/") ? path.substring(0, path.indexOf('/')) : ""));
        List<String> added = tops.stream()
                .map(top -> top.isEmpty() ? glob.substring("**/".length()) : top + "/" + glob)
                .toList();
        globs.addAll(added);
        return added;
    }

    /** The frameworks that were found, for people; empty if none was. */
    List<String> frameworks() {
        return List.copyOf(frameworks);
    }

    /** What else the user should know. */
    List<String> hints() {
        return List.copyOf(hints);
    }

    /** The configuration by full key name. */
    Map<String, Object> values() {
        Map<String, Object> all = new LinkedHashMap<>();
        if (!globs.isEmpty()) {
            all.put("files", globs);
        }
        all.putAll(values);
        return all;
    }
}
