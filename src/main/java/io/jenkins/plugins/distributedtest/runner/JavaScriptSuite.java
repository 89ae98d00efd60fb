package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.SubProject;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The files that the project's own test tool would run, where nothing else says which. */
public final class JavaScriptSuite {
    private final Path directory;
    private final JavaScriptPackage here;
    private final RunnerKind kind;

    private JavaScriptSuite(Path directory, JavaScriptPackage here, RunnerKind kind) {
        this.directory = directory;
        this.here = here;
        this.kind = kind;
    }

    /** The suite of the package in a directory; empty if it does not run its tests by a tool that can be asked. */
    public static Optional<JavaScriptSuite> in(Path directory) {
        JavaScriptPackage here = JavaScriptPackage.in(directory);
        return Optional.ofNullable(here == null ? null : JavaScriptTools.toolOf(here))
                .filter(kind -> kind.isJavaScriptTool() || kind == RunnerKind.NODE)
                .map(kind -> new JavaScriptSuite(directory, here, kind));
    }

    /** The name of the tool's runner, such as {@code jest}. */
    public String tool() {
        return kind.label();
    }

    /** Whether the package's test script calls the tool, itself or by other scripts. */
    public boolean isOfTestScript() {
        return here.tests(tool());
    }

    /**
     * The project that has all files of Node's own runner: as the plain command has them, whatever packages lie below, and
     * whatever their names are. The other tools' files are told by the packages that they lie in.
     *
     * @param settings how files are run; where rules say which runner takes which file, they decide
     * @return the project; empty if the tool is another
     */
    public Optional<SubProject> project(RunnerSettings settings) {
        return kind == RunnerKind.NODE && settings.rules().isEmpty()
                ? Optional.of(new SubProject("", tool(), RunnerSettings.DEFAULT, Map.of()))
                : Optional.empty();
    }

    /** The project of some files that somebody names; empty also if one of them is no script. */
    public Optional<SubProject> project(RunnerSettings settings, List<TestFile> named) {
        return named.stream().allMatch(JavaScriptTools::isScript) ? project(settings) : Optional.empty();
    }

    /**
     * Asks the project's own tool, with the options of its test script.
     *
     * @param settings how files are run
     * @param environment variables of the run
     * @return the files, sorted
     * @throws SuiteException if the tool cannot be asked; the message tells what it said
     * @throws IOException if its answer cannot be read
     */
    public List<TestFile> find(RunnerSettings settings, Map<String, String> environment)
            throws SuiteException, IOException {
        return ask(settings, environment).files();
    }

    /** As {@link #find}, with what else the tool has told. */
    public ToolAnswer ask(RunnerSettings settings, Map<String, String> environment) throws SuiteException, IOException {
        ScriptCalls script = here.read("test", tool());
        ToolCall call = knownCall(script);
        try {
            List<String> program =
                    new ArrayList<>(Interpreters.of(settings, directory, directory, environment, kind.language()));
            List<String> arguments = new ArrayList<>();
            if (kind == RunnerKind.NODE) {
                arguments.add(call.starter().program());
                arguments.addAll(NodeArguments.ofChoice(settings, call));
            } else {
                program.addAll(call.nodeOptions());
                arguments.addAll(NodeArguments.all(kind, settings, call));
            }
            program.add(Bundled.file("node/" + tool() + "_list.mjs").toString());
            ToolAnswer told = new ToolQuestion(tool(), directory, variables(call, environment)).ask(program, arguments);
            List<String> notes = new ArrayList<>(told.notes());
            notes.addAll(passedOver(script));
            return new ToolAnswer(told.files(), notes, told.passesWithoutTests());
        } catch (RunnerException e) {
            throw new SuiteException(e.getMessage());
        }
    }

    /** The one call of the test script; refused where it is not the only one, or not known without a shell. */
    private ToolCall knownCall(ScriptCalls script) throws SuiteException {
        List<ToolCall> calls = script.calls();
        if (calls.isEmpty() && !script.handedOver().isEmpty()) {
            throw new SuiteException("The test script of " + directory + " hands over to other packages ("
                    + String.join("; ", script.handedOver())
                    + "): name the files of all (\"files\": [\"packages/*/…\"])."
                    + " Each is run in its own package.");
        }
        if (calls.stream().distinct().count() > 1) {
            throw new SuiteException("The test script of " + directory + " calls " + tool() + " " + calls.size()
                    + " times, each time with other options. Name the files of one call (\"files\") and its options"
                    + " (\"runners\": {\"args\": {\"" + tool() + "\": […]}}), a configuration for each.");
        }
        if (script.isElsewhere()) {
            throw new SuiteException("The test script of " + directory + " calls " + tool()
                    + " in another directory (cd): run from that directory, or name its files (\"files\") and say that it is a"
                    + " project of its own (\"projects\": [\"DIRECTORY\"]).");
        }
        List<String> others = JavaScriptTools.others(here, kind);
        if (!others.isEmpty()) {
            throw new SuiteException("The test script of " + directory + " calls " + tool() + " and "
                    + String.join(", ", others) + ". Name the files of all (\"files\") and which runner takes which"
                    + " (\"runners\": {\"files\": {\"test/unit/**\": \"" + tool() + "\", …}}).");
        }
        ToolCall call = here.call(tool());
        if (call.needsShell()) {
            throw new SuiteException(
                    "The test script of " + directory + " gives " + tool() + " what only a shell can tell ("
                            + String.join(" ", call.arguments()) + "): name the files (\"files\").");
        }
        return call;
    }

    /** What else the test script does, which is not done here. */
    private List<String> passedOver(ScriptCalls script) {
        List<String> others = new ArrayList<>(script.others());
        if (others.isEmpty() && (script.calls().isEmpty() || script.handedOver().isEmpty())) {
            return List.of();
        }
        if (script.calls().isEmpty()) {
            return List.of(
                    "The test script calls " + tool() + " in no way that is known here (" + String.join("; ", others)
                            + "), so " + tool() + " runs as it stands, with its configuration only.");
        }
        others.addAll(script.handedOver());
        return List.of("The test script does more than call " + tool() + ", which is not done here: "
                + String.join("; ", others)
                + ". What tests need of it has to be there before the run, or comes by callbacks (after_sync).");
    }

    private static Map<String, String> variables(ToolCall call, Map<String, String> environment) {
        Map<String, String> variables = new HashMap<>(environment);
        variables.putAll(call.environment());
        return variables;
    }
}
