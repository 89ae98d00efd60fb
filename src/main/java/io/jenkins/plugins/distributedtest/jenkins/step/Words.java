package io.jenkins.plugins.distributedtest.jenkins.step;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a command that is written in one line into its arguments, at blanks, as far as they are not in quotes. There
 * is no shell: nothing but quotes and the backslash means anything.
 */
final class Words {
    private Words() {}

    /**
     * Splits a line. Single quotes take everything as it is; in double quotes, and outside, a backslash takes the next
     * character as it is.
     *
     * @throws IllegalArgumentException if a quote is not closed
     */
    static List<String> split(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = null;
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quote == 0 && Character.isWhitespace(c)) {
                if (word != null) {
                    words.add(word.toString());
                    word = null;
                }
                continue;
            }
            word = word == null ? new StringBuilder() : word;
            if (c == '\\' && quote != '\'' && i + 1 < line.length()) {
                word.append(line.charAt(++i));
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
            } else if (c == quote) {
                quote = 0;
            } else {
                word.append(c);
            }
        }
        if (quote != 0) {
            throw new IllegalArgumentException("a quote is not closed");
        }
        if (word != null) {
            words.add(word.toString());
        }
        return words;
    }
}
