package io.jenkins.plugins.distributedtest.junitrunner;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Just the JSON that the control protocol needs: this code shares a class path with the tests, so it brings no
 * library along.
 */
final class Json {
    /** Longer texts are cut in the middle, in characters. */
    private static final int MAX_TEXT = 256 * 1024;

    private Json() {}

    /** An object of one member, whose value is a number, a boolean, null, a string or another such map. */
    static String object(String key, Object value) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(key, value);
        return write(map);
    }

    static String write(Map<String, Object> map) {
        StringBuilder out = new StringBuilder();
        write(out, map);
        return out.toString();
    }

    private static void write(StringBuilder out, Object value) {
        if (value instanceof Map) {
            char separator = '{';
            for (Map.Entry<?, ?> each : ((Map<?, ?>) value).entrySet()) {
                out.append(separator);
                quote(out, String.valueOf(each.getKey()));
                out.append(':');
                write(out, each.getValue());
                separator = ',';
            }
            out.append(separator == '{' ? "{}" : "}");
        } else if (value == null || value instanceof Number || value instanceof Boolean) {
            out.append(value);
        } else {
            quote(out, cut(value.toString()));
        }
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT
                ? text
                : text.substring(0, MAX_TEXT / 2) + "\n[…]\n" + text.substring(text.length() - MAX_TEXT / 2);
    }

    private static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    /** Reads an object whose values are strings, integral numbers or booleans: all that the listener sends. */
    static Map<String, Object> read(String line) {
        return new Reader(line).object();
    }

    private static final class Reader {
        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        Map<String, Object> object() {
            Map<String, Object> map = new LinkedHashMap<>();
            expect('{');
            while (peek() != '}') {
                String key = string();
                expect(':');
                map.put(key, peek() == '"' ? string() : literal());
                if (peek() == ',') {
                    at++;
                }
            }
            return map;
        }

        private char peek() {
            while (Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            return text.charAt(at);
        }

        private void expect(char wanted) {
            if (peek() != wanted) {
                throw new IllegalArgumentException("Expected " + wanted + " at " + at + " of " + text);
            }
            at++;
        }

        private Object literal() {
            int from = at;
            while (",} ".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            String word = text.substring(from, at);
            return word.equals("true") || word.equals("false") ? (Object) Boolean.valueOf(word) : Long.valueOf(word);
        }

        private String string() {
            StringBuilder out = new StringBuilder();
            expect('"');
            while (text.charAt(at) != '"') {
                char c = text.charAt(at++);
                if (c == '\\') {
                    c = text.charAt(at++);
                    switch (c) {
                        case 'u':
                            c = (char) Integer.parseInt(text.substring(at, at + 4), 16);
                            at += 4;
                            break;
                        case 'n':
                            c = '\n';
                            break;
                        case 't':
                            c = '\t';
                            break;
                        case 'r':
                            c = '\r';
                            break;
                        case 'b':
                            c = '\b';
                            break;
                        case 'f':
                            c = '\f';
                            break;
                        default:
                            break; // quote, backslash, slash stand for themselves
                    }
                }
                out.append(c);
            }
            at++;
            return out.toString();
        }
    }
}
