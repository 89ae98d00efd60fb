package io.jenkins.plugins.distributedtest.report;

import io.jenkins.plugins.distributedtest.report.Terminal.Tone;
import java.util.List;
import java.util.stream.Stream;

/** Collects lines of text; each ends with a line break. */
final class Lines {
    private final Terminal terminal;
    private final StringBuilder text = new StringBuilder();

    /** @param terminal its colors */
    Lines(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Adds one line. */
    void add(String line) {
        text.append(line).append('\n');
    }

    /** Adds each line of a test's text, made harmless; of too many the first or the last are kept. */
    void block(String indent, Tone tone, String block, int most, boolean tail) {
        List<String> all = Terminal.harmless(block)
                .stripTrailing()
                .lines()
                .dropWhile(String::isBlank)
                .toList();
        int kept = all.size() > most + 1 ? most : all.size();
        int left = all.size() - kept;
        Stream<String> shown = tail ? all.stream().skip(left) : all.stream().limit(kept);
        if (left > 0 && tail) {
            add(indent + "… " + left + " lines before");
        }
        shown.forEach(line -> add(indent + (tone == null ? line : terminal.paint(tone, line))));
        if (left > 0 && !tail) {
            add(indent + "… " + left + " more lines");
        }
    }

    /** Adds a text, broken between words. */
    void wrapped(String indent, String sentence, int width) {
        StringBuilder line = new StringBuilder();
        for (String word : sentence.split(" ")) {
            if (line.length() > 0 && indent.length() + line.length() + 1 + word.length() > width) {
                add(indent + line);
                line.setLength(0);
                line.append("  ");
            } else if (line.length() > 0) {
                line.append(' ');
            }
            line.append(word);
        }
        add(indent + line);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
