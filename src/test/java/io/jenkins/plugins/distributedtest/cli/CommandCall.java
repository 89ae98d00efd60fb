package io.jenkins.plugins.distributedtest.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * The program's command line, called in this process.
 *
 * @param exitCode its exit code
 * @param output what it printed, errors included
 */
public record CommandCall(int exitCode, String output) {
    /** Calls it with arguments. */
    public static CommandCall of(String... arguments) {
        StringWriter out = new StringWriter();
        int exitCode = Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(out, true))
                .execute(arguments);
        return new CommandCall(exitCode, out.toString());
    }
}
