package io.jenkins.plugins.distributedtest.config;

import java.util.Collection;
import java.util.Comparator;

/** Levenshtein's distance between two texts. */
public final class EditDistance {
    private EditDistance() {}

    /**
     * The word that somebody who wrote another is likely to have meant.
     *
     * @param text what was written
     * @param words what could have been meant
     * @return the nearest of the words, the first of several; null if there are none
     */
    public static String nearest(String text, Collection<String> words) {
        return words.stream()
                .min(Comparator.comparingInt(word -> of(text, word)))
                .orElse(null);
    }

    /** How many characters must be inserted, removed or replaced to make the one into the other. */
    static int of(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(previous[j], row[j - 1]) + 1);
            }
            previous = row;
        }
        return previous[b.length()];
    }
}
