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
import java.util.UUID;

/** The files that the project's own test tool would run, where nothing else says which. */
public final class JavaScriptSuite {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final String JEST = RunnerKind.JEST.label();

    private JavaScriptSuite() {}

    /** Whether the package in a directory runs its tests by Jest. */
    public static boolean isIn(Path directory) {
        JavaScriptPackage here = JavaScriptPackage.in(directory);
        return here != null && !here.testsByNode() && here.uses(JEST);
    }

    /**
     * Asks the project's own Jest, with the options of its test script.
     *
     * @param directory where its package is
     * @param settings how files are run
     * @param environment variables of the run
     * @return the files, sorted
     * @throws SuiteException if Jest cannot be asked; the message tells what it said
     * @throws IOException if its answer cannot be read
     */
    public static List<TestFile> find(Path directory, RunnerSettings settings, Map<String, String> environment)
            throws SuiteException, IOException {
        Path answer = Files.createTempFile("distributed-test-jest", ".json");
        Path output = Files.createTempFile("distributed-test-jest", ".out");
        try {
            CommandResult result = Commands.run(
                    ProcessSpec.of(command(directory, settings, environment, answer))
                            .directory(directory)
                            .environment(variables(directory, environment))
                            .marker("jest-list-" + UUID.randomUUID())
                            .outputFile(output),
                    LIMIT);
            if (!result.ok()) {
                throw new SuiteException("Jest does not tell which tests it has in " + directory + " ("
                        + result.ending() + "): " + Files.readString(output).strip());
            }
            return files(directory.toRealPath(), Json.bounded(2).build().readTree(answer.toFile()));
        } catch (RunnerException e) {
            throw new SuiteException(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SuiteException("Interrupted while Jest was asked which tests it has");
        } finally {
            Files.delete(answer);
            Files.delete(output);
        }
    }

    private static List<String> command(
            Path directory, RunnerSettings settings, Map<String, String> environment, Path answer)
            throws RunnerException {
        ToolCall call = ToolCall.in(directory, JEST);
        List<String> command = new ArrayList<>(
                Interpreters.of(settings, directory, directory, environment, RunnerKind.JEST.language()));
        command.addAll(call.nodeOptions());
        command.add(Bundled.file("node/jest_list.mjs").toString());
        command.add(answer.toString());
        command.addAll(call.arguments());
        command.addAll(settings.args().getOrDefault(JEST, List.of()));
        return command;
    }

    private static Map<String, String> variables(Path directory, Map<String, String> environment) {
        Map<String, String> variables = new HashMap<>(environment);
        variables.putAll(ToolCall.in(directory, JEST).environment());
        return variables;
    }

    private static List<TestFile> files(Path directory, JsonNode paths) throws SuiteException {
        List<TestFile> files = new ArrayList<>();
        for (JsonNode each : paths) {
            Path path = Path.of(each.asText());
            if (!path.startsWith(directory)) {
                throw new SuiteException("Jest has a test outside of the project: " + path
                        + ". Run from the directory that holds both, or name the files (\"files\").");
            }
            files.add(new TestFile(directory.relativize(path).toString().replace('\\', '/')));
        }
        return files;
    }
}
