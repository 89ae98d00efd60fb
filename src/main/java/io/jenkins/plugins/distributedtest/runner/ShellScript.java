package io.jenkins.plugins.distributedtest.runner;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes a shell's text apart, as far as that can be done without running anything: into commands of words, with quotes,
 * patterns and redirections as a shell has them. A subshell's parentheses are commands of one word each. What a command or
 * a variable stands for is left in its word as it is written.
 */
final class ShellScript {
    /** Where a package manager keeps a program is known without asking it. */
    private static final Pattern PROGRAM = Pattern.compile("(?:\\$\\(|`)\\s*(?:yarn|npm|pnpm)\\s+bin(?:\\)|`)/(\\S+)|"
            + "(?:\\$\\(|`)\\s*(?:yarn|pnpm)\\s+bin\\s+(\\S+?)\\s*(?:\\)|`)");

    private final String text;
    private final Path directory;
    private final List<List<String>> commands = new ArrayList<>();
    private final List<String> words = new ArrayList<>();
    private Word word = new Word();
    private boolean isRedirected; // the next word is where something is read or written
    private int at;

    private ShellScript(String text, Path directory) {
        this.text = text;
        this.directory = directory;
    }

    /**
     * The commands of a script.
     *
     * @param text the script
     * @param directory where it runs, for its patterns
     */
    static List<List<String>> commands(String text, Path directory) {
        ShellScript script = new ShellScript(text, directory);
        while (script.at < text.length()) {
            script.next();
        }
        script.endCommand();
        return script.commands;
    }

    private void next() {
        char c = text.charAt(at);
        if (c == '\\' && at + 1 < text.length()) {
            word.add(text.charAt(at + 1), false);
            at += 2;
        } else if (c == '\'' || c == '"') {
            quoted(c);
        } else if (c == '`') {
            taken(text.indexOf('`', at + 1));
        } else if (c == '$' && at + 1 < text.length() && text.charAt(at + 1) == '(') {
            taken(closing());
        } else if (c == '<' || c == '>') {
            redirection();
        } else if (c == '(' || c == ')') {
            endCommand();
            commands.add(List.of(String.valueOf(c)));
            at++;
        } else if (c == '&' && at + 1 < text.length() && text.charAt(at + 1) == '>') {
            at++; // &> redirects both
        } else if (c == '\n' || c == ';' || c == '&' || c == '|') {
            endCommand();
            at++;
        } else if (Character.isWhitespace(c)) {
            endWord();
            at++;
        } else {
            word.add(c, ShellGlob.isSpecial(c));
            at++;
        }
    }

    private void quoted(char quote) {
        word.begun = true;
        for (at++; at < text.length() && text.charAt(at) != quote; at++) {
            if (text.charAt(at) == '\\' && quote == '"' && at + 1 < text.length()) {
                at++;
            }
            word.add(text.charAt(at), false);
        }
        at++;
    }

    /** Takes what a command stands for into the word, up to a place; to the end if it is not closed. */
    private void taken(int end) {
        int last = end < 0 ? text.length() - 1 : end;
        for (; at <= last; at++) {
            word.add(text.charAt(at), false);
        }
    }

    private int closing() {
        int depth = 0;
        for (int i = at; i < text.length(); i++) {
            depth += text.charAt(i) == '(' ? 1 : text.charAt(i) == ')' ? -1 : 0;
            if (depth == 0 && text.charAt(i) == ')') {
                return i;
            }
        }
        return -1;
    }

    private void redirection() {
        if (word.text.toString().matches("\\d")) {
            word = new Word(); // the number of what is redirected
        }
        endWord();
        while (at < text.length() && "<>&|".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        isRedirected = true;
    }

    private void endWord() {
        List<String> ended = word.end(directory);
        if (!ended.isEmpty() && !isRedirected) {
            ended.forEach(each -> words.add(program(each)));
        }
        isRedirected &= ended.isEmpty();
        word = new Word();
    }

    private void endCommand() {
        endWord();
        isRedirected = false;
        if (!words.isEmpty()) {
            commands.add(List.copyOf(words));
        }
        words.clear();
    }

    private static String program(String word) {
        Matcher program = PROGRAM.matcher(word);
        return program.matches()
                ? "node_modules/.bin/" + (program.group(1) == null ? program.group(2) : program.group(1))
                : word;
    }

    /** A word that is being read. */
    private static final class Word {
        private final StringBuilder text = new StringBuilder();
        private boolean begun;
        private boolean isPattern;

        void add(char c, boolean special) {
            text.append(c);
            begun = true;
            isPattern |= special;
        }

        List<String> end(Path directory) {
            if (!begun) {
                return List.of();
            }
            return isPattern ? ShellGlob.expand(directory, text.toString()) : List.of(text.toString());
        }
    }
}
