package io.jenkins.plugins.distributedtest.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Words of a command line, which is never given to a shell. */
public final class CommandWords {
    /** A word: plain characters and quoted parts. */
    private static final Pattern WORD = Pattern.compile("(?:[^\\s'\"\\\\]|'[^']*'|\"[^\"]*\"|\\\\.)+");

    private static final Pattern PART = Pattern.compile("'([^']*)'|\"([^\"]*)\"|\\\\(.)|([^'\"\\\\]+)");

    private CommandWords() {}

    /**
     * The words of a line, with quotes as a shell has them.
     *
     * @return null if a quote is left open
     */
    public static List<String> of(String line) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(line);
        int end = 0;
        while (matcher.find()) {
            if (!line.substring(end, matcher.start()).isBlank()) {
                return null;
            }
            words.add(unquoted(matcher.group()));
            end = matcher.end();
        }
        return line.substring(end).isBlank() ? words : null;
    }

    private static String unquoted(String word) {
        StringBuilder plain = new StringBuilder();
        Matcher part = PART.matcher(word);
        while (part.find()) {
            for (int i = 1; i <= part.groupCount(); i++) {
                if (part.group(i) != null) {
                    plain.append(part.group(i));
                }
            }
        }
        return plain.toString();
    }
}
