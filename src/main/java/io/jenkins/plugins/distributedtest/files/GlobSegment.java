package io.jenkins.plugins.distributedtest.files;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * One part of a glob between two slashes: {@code *}, {@code ?}, {@code [a-z]}, {@code [!a]} or {@code [^a]}, a
 * backslash before a character that is meant as it is. A wildcard does not match a dot at the start of a name.
 */
final class GlobSegment {
    /** Stands for {@code **}/: any number of directories. */
    static final GlobSegment ANY_DEPTH = new GlobSegment(List.of(), null);

    private static final IntPredicate STAR = c -> true;
    private static final IntPredicate ANY = c -> true;

    private final List<IntPredicate> tokens;
    private final @Nullable String literal;
    private boolean startsWithDot;

    private GlobSegment(List<IntPredicate> tokens, @Nullable String literal) {
        this.tokens = tokens;
        this.literal = literal;
    }

    /**
     * @param text the part, without slashes
     * @throws IllegalArgumentException if a bracket is not closed or empty
     */
    static GlobSegment parse(String text) {
        int[] chars = text.codePoints().toArray();
        List<IntPredicate> tokens = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        boolean magic = false;
        for (int i = 0; i < chars.length; i++) {
            int c = chars[i];
            if (c == '*' || c == '?') {
                magic = true;
                tokens.add(c == '*' ? STAR : ANY);
            } else if (c == '[') {
                magic = true;
                int end = closing(chars, i);
                tokens.add(set(chars, i + 1, end));
                i = end;
            } else {
                int plain = c == '\\' && i + 1 < chars.length ? chars[++i] : c;
                literal.appendCodePoint(plain);
                tokens.add(x -> x == plain);
            }
        }
        GlobSegment segment = new GlobSegment(List.copyOf(tokens), magic ? null : literal.toString());
        segment.startsWithDot = text.startsWith(".") || text.startsWith("\\.");
        return segment;
    }

    private static int closing(int[] chars, int open) {
        for (int i = open + 1; i < chars.length; i++) {
            if (chars[i] == '\\') {
                i++;
            } else if (chars[i] == ']') {
                return i;
            }
        }
        throw new IllegalArgumentException("a '[' has no ']'");
    }

    private static IntPredicate set(int[] chars, int from, int end) {
        boolean negated = from < end && (chars[from] == '!' || chars[from] == '^');
        @Nullable IntPredicate any = null;
        int i = negated ? from + 1 : from;
        while (i < end) {
            i += chars[i] == '\\' && i + 1 < end ? 1 : 0;
            int low = chars[i++];
            int high = low;
            if (i + 1 < end && chars[i] == '-') {
                i++;
                i += chars[i] == '\\' && i + 1 < end ? 1 : 0;
                high = chars[i++];
            }
            int last = high;
            IntPredicate range = c -> low <= c && c <= last;
            any = any == null ? range : any.or(range);
        }
        if (any == null) {
            throw new IllegalArgumentException("'[]' matches nothing");
        }
        return negated ? any.negate() : any;
    }

    /** The name it stands for when it has no wildcard; null otherwise. */
    @Nullable
    String literal() {
        return literal;
    }

    boolean matches(String name) {
        return matches(name, false);
    }

    /** @param hidden whether a wildcard matches a dot at the start of a name, too */
    boolean matches(String name, boolean hidden) {
        if (literal != null) {
            return literal.equals(name);
        }
        if (!hidden && name.startsWith(".") && !startsWithDot) {
            return false;
        }
        return matches(name.codePoints().toArray());
    }

    /** Goes back only to the last star, so it takes at most length of name times length of pattern steps. */
    private boolean matches(int[] name) {
        int token = 0;
        int at = 0;
        int star = -1;
        int starAt = 0;
        while (at < name.length) {
            if (token < tokens.size() && tokens.get(token) == STAR) {
                star = token++;
                starAt = at;
            } else if (token < tokens.size() && tokens.get(token).test(name[at])) {
                token++;
                at++;
            } else if (star >= 0) {
                token = star + 1;
                at = ++starAt;
            } else {
                return false;
            }
        }
        while (token < tokens.size() && tokens.get(token) == STAR) {
            token++;
        }
        return token == tokens.size();
    }
}
