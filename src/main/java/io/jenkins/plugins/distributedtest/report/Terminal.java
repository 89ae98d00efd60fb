package io.jenkins.plugins.distributedtest.report;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * How text looks on a terminal, or in a log that is none.
 *
 * @param width columns; less than 40 counts as 40
 * @param color whether ANSI colors are wanted
 */
public record Terminal(int width, boolean color) {
    /** A log: no colors, 100 columns. */
    public static final Terminal PLAIN = new Terminal(100, false);

    private static final Pattern ANSI = Pattern.compile(
            "\u001B(?:\\[[0-?]*[ -/]*[@-~]|\\][^\u0007\u001B]*(?:\u0007|\u001B\\\\)?|.)?", Pattern.DOTALL);
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f]");

    /** Keeps the width usable. */
    public Terminal {
        width = Math.max(40, width);
    }

    /** What a piece of text is, so how it is colored. */
    enum Tone {
        GOOD("32"),
        BAD("31"),
        WARN("33"),
        DIM("2"),
        STRONG("1");

        private final String code;

        Tone(String code) {
            this.code = code;
        }
    }

    String paint(Tone tone, String text) {
        return color && !text.isEmpty() ? "\u001B[" + tone.code + "m" + text + "\u001B[0m" : text;
    }

    /** Text from a test, with nothing in it that could steer a terminal: escape sequences and controls are left out. */
    static String harmless(String text) {
        String lines = text.replace("\r\n", "\n");
        return CONTROL.matcher(ANSI.matcher(lines).replaceAll("")).replaceAll("");
    }

    /** Cuts text in the middle to a number of columns. */
    static String shortened(String text, int columns) {
        if (text.length() <= columns) {
            return text;
        }
        int tail = (columns - 1) * 2 / 3;
        return text.substring(0, columns - 1 - tail) + "…" + text.substring(text.length() - tail);
    }

    /** A count with its word, such as {@code 1 file} or {@code 2 files}. */
    static String count(long number, String word) {
        return String.format(Locale.ROOT, "%,d %s%s", number, word, number == 1 ? "" : "s");
    }
}
