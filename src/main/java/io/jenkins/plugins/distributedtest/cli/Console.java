package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.report.Terminal;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Where a command's words go: lines, and on a terminal one line below them that is drawn over again and again. Any
 * thread may call it.
 */
final class Console {
    private static final String CLEAR_LINE = "\r\u001B[2K";
    private static final int USUAL_WIDTH = 100;

    private final PrintWriter out;
    private final boolean interactive;
    private final Terminal terminal;
    private String status = "";

    /** When to use colors. */
    enum Color {
        /** On a terminal, unless the environment variable {@code NO_COLOR} is set. */
        AUTO,
        /** Always. */
        ALWAYS,
        /** Never. */
        NEVER
    }

    /**
     * A console.
     *
     * @param out where to write
     * @param interactive whether it is a terminal
     * @param color when to use colors
     */
    Console(PrintWriter out, boolean interactive, Color color) {
        this.out = out;
        this.interactive = interactive;
        boolean wanted = interactive && System.getenv("NO_COLOR") == null;
        boolean colored = color == Color.ALWAYS || color == Color.AUTO && wanted;
        terminal = new Terminal(interactive ? width() : USUAL_WIDTH, colored);
    }

    /** Whether this process writes to a terminal that can redraw a line. */
    static boolean isTerminal() {
        return System.console() != null && !"dumb".equals(System.getenv("TERM"));
    }

    private static int width() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            byte[] answer = stty.getInputStream().readNBytes(100);
            String[] size =
                    new String(answer, StandardCharsets.US_ASCII).strip().split(" ");
            stty.waitFor(1, TimeUnit.SECONDS);
            return size.length == 2 && size[1].matches("[1-9][0-9]{1,3}") ? Integer.parseInt(size[1]) : USUAL_WIDTH;
        } catch (IOException e) {
            return USUAL_WIDTH;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return USUAL_WIDTH;
        }
    }

    /** Width and colors. */
    Terminal terminal() {
        return terminal;
    }

    /** Whether it is a terminal. */
    boolean isInteractive() {
        return interactive;
    }

    /** Prints whole lines, above the status line. */
    synchronized void print(String text) {
        if (text.isEmpty()) {
            return;
        }
        out.print((status.isEmpty() ? "" : CLEAR_LINE) + text + (text.endsWith("\n") ? "" : "\n") + status);
        out.flush();
    }

    /** Draws the status line anew; nothing is drawn where there is no terminal. */
    synchronized void status(String line) {
        if (interactive) {
            status = line;
            out.print(CLEAR_LINE + line);
            out.flush();
        }
    }

    /** Removes the status line. */
    synchronized void clearStatus() {
        if (!status.isEmpty()) {
            status("");
        }
    }
}
