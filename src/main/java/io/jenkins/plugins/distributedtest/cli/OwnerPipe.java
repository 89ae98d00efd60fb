package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Standard input as the line to the process that started this one. A secret can come first, one line of it: unlike
 * arguments and environment, nobody else sees it. After that nothing comes any more until the end of the input, and
 * that is the sign that the owner has gone: the operating system closes the pipe also when the owner is killed.
 */
final class OwnerPipe {
    /** What the option {@code --until-stdin-closes} means. */
    static final String UNTIL_CLOSED =
            "End when standard input is closed, as it is when the process that started this one is killed.";

    private static final int LONGEST_LINE = 8192;

    private OwnerPipe() {}

    /**
     * Reads one line and nothing beyond it.
     *
     * @param option the option that asks for it, for the message
     * @throws CliException if there is none, or one that is far too long
     */
    static String readLine(String option) throws CliException {
        InputStream in = System.in;
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
                if (line.size() == LONGEST_LINE) {
                    throw new CliException(
                            option + ": the first line of standard input is longer than " + LONGEST_LINE + " bytes");
                }
                line.write(next);
            }
        } catch (IOException e) {
            throw new CliException(option + ": cannot read standard input: " + e.getMessage());
        }
        String text = line.toString(StandardCharsets.UTF_8).strip();
        if (text.isEmpty()) {
            throw new CliException(option + ": standard input begins with no line of text");
        }
        return text;
    }

    /** Calls back once when standard input has ended; on a thread of its own. What still comes is ignored. */
    static void watch(Runnable atEnd) {
        DaemonThreads.start("owner-pipe", () -> {
            drain();
            atEnd.run();
        });
    }

    private static void drain() {
        byte[] ignored = new byte[256];
        try {
            while (System.in.read(ignored) >= 0) {
                // Until the end.
            }
        } catch (IOException e) {
            // A pipe that cannot be read has nobody at its other end.
        }
    }
}
