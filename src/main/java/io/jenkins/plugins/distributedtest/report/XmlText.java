package io.jenkins.plugins.distributedtest.report;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;

/**
 * Makes any text fit for XML 1.0.
 *
 * <p>A character that XML 1.0 cannot hold, not even escaped (control characters such as ESC, half of a surrogate pair,
 * U+FFFE, U+FFFF), becomes visible as {@code \}{@code u001B}: a backslash, u, and its code in four hexadecimal digits.
 * Everything else is kept.
 *
 * <p>A parser makes a line break or tab in an attribute a blank, and a carriage return in text a line break, unless
 * they are written as references such as {@code &}{@code #10;}. The JDK's StAX writer writes them as they are. So they travel
 * through it as stand-ins, characters that XML cannot hold and that are therefore gone from the text by then, and a
 * filter behind the writer puts the references in their place.
 */
final class XmlText {
    private static final char LINE_FEED = '\uFFFF';
    private static final char TAB = '\uFFFE';
    private static final char CARRIAGE_RETURN = '\u0001';

    private XmlText() {}

    /** The text for an element's content. */
    static String content(String text) {
        return fit(text, false);
    }

    /** The text for an attribute's value. */
    static String attribute(String text) {
        return fit(text, true);
    }

    private static String fit(String text, boolean attribute) {
        StringBuilder fit = null;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            int length = Character.charCount(c);
            String instead = instead(c, attribute);
            if (instead != null && fit == null) {
                fit = new StringBuilder(text.length() + 16).append(text, 0, i);
            }
            if (fit != null) {
                fit.append(instead == null ? text.substring(i, i + length) : instead);
            }
            i += length;
        }
        return fit == null ? text : fit.toString();
    }

    private static String instead(int c, boolean attribute) {
        if (c == '\r') {
            return String.valueOf(CARRIAGE_RETURN);
        }
        if (c == '\n' || c == '\t') {
            return attribute ? String.valueOf(c == '\n' ? LINE_FEED : TAB) : null;
        }
        boolean legal = c >= 0x20 && c <= 0xD7FF || c >= 0xE000 && c <= 0xFFFD || c >= 0x10000;
        return legal ? null : String.format("\\u%04X", c);
    }

    /** The writer to put behind the StAX writer: writes the stand-ins as references. */
    static Writer references(Writer out) {
        return new References(out);
    }

    private static final class References extends FilterWriter {
        References(Writer out) {
            super(out);
        }

        @Override
        public void write(int c) throws IOException {
            String reference = reference((char) c);
            if (reference == null) {
                out.write(c);
            } else {
                out.write(reference);
            }
        }

        @Override
        public void write(char[] chars, int offset, int length) throws IOException {
            int start = offset;
            for (int i = offset; i < offset + length; i++) {
                String reference = reference(chars[i]);
                if (reference != null) {
                    out.write(chars, start, i - start);
                    out.write(reference);
                    start = i + 1;
                }
            }
            out.write(chars, start, offset + length - start);
        }

        @Override
        public void write(String text, int offset, int length) throws IOException {
            write(text.toCharArray(), offset, length);
        }

        private static String reference(char c) {
            return switch (c) {
                case LINE_FEED -> "&#10;";
                case TAB -> "&#9;";
                case CARRIAGE_RETURN -> "&#13;";
                default -> null;
            };
        }
    }
}
