package io.jenkins.plugins.distributedtest.build;

import io.jenkins.plugins.distributedtest.process.BoundedText;
import io.jenkins.plugins.distributedtest.process.CommandResult;
import io.jenkins.plugins.distributedtest.process.Commands;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A call of a build tool that compiles and tells what it tests.
 *
 * @param tool the tool's name, for people
 * @param goal what it is told to do, for people
 * @param command program and arguments
 */
record BuildCommand(String tool, String goal, List<String> command) {
    /** How long the build may take to compile. */
    private static final Duration TIMEOUT = Duration.ofMinutes(60);

    private static final int SHOWN = 8000;

    /**
     * Runs it.
     *
     * @param root the build's root
     * @param environment variables, on top of this process's
     * @throws SuiteException if it does not compile, or the tool cannot be started; the message holds what the tool said
     */
    void run(Path root, Map<String, String> environment) throws SuiteException {
        String told = command.get(0) + " " + goal;
        String key = tool.toLowerCase(Locale.ROOT);
        try {
            CommandResult result = Commands.run(
                    ProcessSpec.of(command)
                            .directory(root)
                            .environment(environment)
                            .marker(key + "-" + ProcessHandle.current().pid() + "-" + System.nanoTime()),
                    TIMEOUT);
            if (!result.ok()) {
                throw new SuiteException("The " + tool + " build cannot be tested, since " + told + " "
                        + result.ending() + ":\n"
                        + BoundedText.cut(result.output(), SHOWN).strip());
            }
        } catch (IOException e) {
            throw new SuiteException(
                    told + " cannot be run in " + root + ": " + e.getMessage() + ". Install " + tool
                            + ", say where it is by \"runners\": {\"interpreters\": {\"" + key + "\": [\"/path/to/"
                            + command.get(0).substring(command.get(0).lastIndexOf('/') + 1)
                            + "\"]}}, or set runners.class_path and files yourself.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SuiteException(told + " was interrupted", e);
        }
    }
}
