package io.jenkins.plugins.distributedtest.runner;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.distributedtest.files.Json;
import io.jenkins.plugins.distributedtest.files.PlainFile;
import io.jenkins.plugins.distributedtest.process.CommandResult;
import io.jenkins.plugins.distributedtest.process.Commands;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Asks a project's own test tool which files it would run: by a script of ours that uses the tool and writes a JSON array
 * of paths to a file.
 *
 * @param tool the tool's name, for people
 * @param directory the project's
 * @param environment variables for it
 */
record ToolQuestion(String tool, Path directory, Map<String, String> environment) {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int MAX_BYTES = 64 << 20;

    /**
     * Asks.
     *
     * @param program interpreter, its options, and the script
     * @param arguments what follows the answer's file
     * @return the files in the order of the answer, and what else people should know
     * @throws SuiteException if the tool cannot be asked, or has files outside of the project; the message tells what it
     *     said
     * @throws IOException if the answer cannot be read
     */
    ToolAnswer ask(List<String> program, List<String> arguments) throws SuiteException, IOException {
        return answer(told(program, arguments));
    }

    /**
     * As {@link #ask}, with all that the script has written.
     *
     * @return what {@link #answer} takes: a list of paths, or an object with files, notes and more
     */
    JsonNode told(List<String> program, List<String> arguments) throws SuiteException, IOException {
        Path answer = Files.createTempFile("distributed-test-" + tool, ".json");
        try {
            List<String> command = new ArrayList<>(program);
            command.add(answer.toString());
            command.addAll(arguments);
            Printed printed = run(command);
            if (!printed.result().ok()) {
                throw new SuiteException(tool + " does not tell which tests it has in " + directory + " ("
                        + printed.result().ending() + "): " + printed.text().strip());
            }
            return Json.bounded(4).build().readTree(PlainFile.bytes(answer, MAX_BYTES));
        } finally {
            Files.delete(answer);
        }
    }

    /**
     * As {@link #told}, by a script of ours, in a project that may say otherwise how its language starts.
     *
     * @param interpreter the command that starts the language
     * @param script the script, in the directory of its language
     * @param example a glob of test files such as the project may have
     * @throws SuiteException as there, with the way out
     */
    JsonNode told(List<String> interpreter, String script, List<String> arguments, String example)
            throws SuiteException, IOException {
        try {
            List<String> program = new ArrayList<>(interpreter);
            program.add(Bundled.file(script).toString());
            return told(program, arguments);
        } catch (RunnerException e) {
            throw new SuiteException(e.getMessage());
        } catch (SuiteException e) {
            String language = script.substring(0, script.indexOf('/'));
            throw new SuiteException(
                    e.getMessage() + "\nSet the interpreter of the project (\"runners\": {\"interpreters\": {\""
                            + language + "\": [\"…\"]}}), or name the test files (\"files\": [\"" + example + "\"]).",
                    e);
        }
    }

    /**
     * Files and notes of what a script has told.
     *
     * @throws SuiteException if a file lies outside of the project
     * @throws IOException if the project's directory cannot be read
     */
    ToolAnswer answer(JsonNode told) throws SuiteException, IOException {
        return new ToolAnswer(
                files(directory.toRealPath(), told.isArray() ? told : told.path("files")),
                texts(told.path("notes")),
                told.path("passesWithoutTests").asBoolean());
    }

    /** The texts of a list. */
    static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(each -> texts.add(each.asText()));
        return texts;
    }

    /**
     * How a command has ended, and what it printed.
     *
     * @param result how it ended; without its output
     * @param text standard output and error
     */
    record Printed(CommandResult result, String text) {}

    /**
     * Runs a command of the tool in the project's directory.
     *
     * @throws SuiteException if this thread is interrupted
     * @throws IOException if it cannot be started
     */
    Printed run(List<String> command) throws SuiteException, IOException {
        Path output = Files.createTempFile("distributed-test-" + tool, ".out");
        try {
            CommandResult result = Commands.run(
                    ProcessSpec.of(command)
                            .directory(directory)
                            .environment(environment)
                            .marker(tool + "-list-" + UUID.randomUUID())
                            .outputFile(output),
                    LIMIT);
            return new Printed(result, PlainFile.text(output, MAX_BYTES));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SuiteException("Interrupted while " + tool + " was asked which tests it has");
        } finally {
            Files.delete(output);
        }
    }

    private List<TestFile> files(Path root, JsonNode paths) throws SuiteException {
        List<TestFile> files = new ArrayList<>();
        for (JsonNode each : paths) {
            Path path = Path.of(each.asText());
            if (!path.startsWith(root)) {
                throw new SuiteException(tool + " has a test outside of the project: " + path
                        + ". Run from the directory that holds both, or name the files (\"files\").");
            }
            files.add(new TestFile(root.relativize(path).toString().replace('\\', '/')));
        }
        return files;
    }
}
