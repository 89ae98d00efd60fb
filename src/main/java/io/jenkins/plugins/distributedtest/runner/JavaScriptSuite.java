package io.jenkins.plugins.distributedtest.runner;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.distributedtest.files.Json;
import io.jenkins.plugins.distributedtest.process.CommandResult;
import io.jenkins.plugins.distributedtest.process.Commands;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The files that the project's own test tool would run, where nothing else says which. */
public final class JavaScriptSuite {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final Path directory;
    private final RunnerKind kind;

    private JavaScriptSuite(Path directory, RunnerKind kind) {
        this.directory = directory;
        this.kind = kind;
    }

    /** The suite of the package in a directory; empty if it does not run its tests by a tool that can be asked. */
    public static Optional<JavaScriptSuite> in(Path directory) {
        return Optional.ofNullable(JavaScriptTools.toolIn(directory))
                .filter(RunnerKind::isJavaScriptTool)
                .map(kind -> new JavaScriptSuite(directory, kind));
    }

    /** The name of the tool's runner, such as {@code jest}. */
    public String tool() {
        return kind.label();
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
        List<ToolCall> calls = ToolCall.allIn(directory, tool());
        if (calls.stream().distinct().count() > 1) {
            throw new SuiteException("The test script of " + directory + " calls " + tool() + " " + calls.size()
                    + " times, each time with other options. Name the files of one call (\"files\") and its options"
                    + " (\"runners\": {\"args\": {\"" + tool() + "\": […]}}), a configuration for each.");
        }
        List<String> others = JavaScriptTools.othersIn(directory, kind);
        if (!others.isEmpty()) {
            throw new SuiteException("The test script of " + directory + " calls " + tool() + " and "
                    + String.join(", ", others) + ". Name the files of all (\"files\") and which runner takes which"
                    + " (\"runners\": {\"files\": {\"test/unit/**\": \"" + tool() + "\", …}}).");
        }
        Path answer = Files.createTempFile("distributed-test-" + tool(), ".json");
        Path output = Files.createTempFile("distributed-test-" + tool(), ".out");
        try {
            CommandResult result = Commands.run(
                    ProcessSpec.of(command(settings, environment, answer))
                            .directory(directory)
                            .environment(variables(environment))
                            .marker(tool() + "-list-" + UUID.randomUUID())
                            .outputFile(output),
                    LIMIT);
            if (!result.ok()) {
                throw new SuiteException(tool() + " does not tell which tests it has in " + directory + " ("
                        + result.ending() + "): " + Files.readString(output).strip());
            }
            return files(directory.toRealPath(), Json.bounded(2).build().readTree(answer.toFile()));
        } catch (RunnerException e) {
            throw new SuiteException(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SuiteException("Interrupted while " + tool() + " was asked which tests it has");
        } finally {
            Files.delete(answer);
            Files.delete(output);
        }
    }

    private List<String> command(RunnerSettings settings, Map<String, String> environment, Path answer)
            throws RunnerException {
        ToolCall call = ToolCall.in(directory, tool());
        List<String> command =
                new ArrayList<>(Interpreters.of(settings, directory, directory, environment, kind.language()));
        command.addAll(call.nodeOptions());
        command.add(Bundled.file("node/" + tool() + "_list.mjs").toString());
        command.add(answer.toString());
        command.addAll(call.arguments());
        command.addAll(settings.args().getOrDefault(tool(), List.of()));
        return command;
    }

    private Map<String, String> variables(Map<String, String> environment) {
        Map<String, String> variables = new HashMap<>(environment);
        variables.putAll(ToolCall.in(directory, tool()).environment());
        return variables;
    }

    private List<TestFile> files(Path root, JsonNode paths) throws SuiteException {
        List<TestFile> files = new ArrayList<>();
        for (JsonNode each : paths) {
            Path path = Path.of(each.asText());
            if (!path.startsWith(root)) {
                throw new SuiteException(tool() + " has a test outside of the project: " + path
                        + ". Run from the directory that holds both, or name the files (\"files\").");
            }
            files.add(new TestFile(root.relativize(path).toString().replace('\\', '/')));
        }
        return files;
    }
}
