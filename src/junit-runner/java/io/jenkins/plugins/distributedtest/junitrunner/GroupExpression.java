package io.jenkins.plugins.distributedtest.junitrunner;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An expression of groups as Surefire reads it in {@code groups} and {@code excludedGroups} for JUnit 4 (its grammar
 * {@code category-expression.jj}): names, {@code !} or {@code not}, {@code &&} or {@code and}, {@code ||}, {@code or} or a
 * comma, and parentheses. The operators bind from the right and none before another, and what comes after a closing
 * parenthesis at the top is not read.
 */
final class GroupExpression {
    private static final Pattern TOKEN = Pattern.compile("\\s*(&&|\\|\\||,|!|\\(|\\)|[^\\s&|,!()]+)");

    private final List<String> tokens = new ArrayList<>();
    private int at;

    private GroupExpression(String text) {
        Matcher matcher = TOKEN.matcher(text);
        int end = 0;
        while (end < text.length() && matcher.find(end) && matcher.start() == end) {
            tokens.add(matcher.group(1));
            end = matcher.end();
        }
        if (!text.substring(end).trim().isEmpty()) {
            throw malformed(text.substring(end).trim());
        }
    }

    /**
     * Reads one.
     *
     * @return whether it holds, given what tells of a name whether that group is there
     * @throws IllegalArgumentException if it is malformed; the message says where
     */
    static Predicate<Predicate<String>> parse(String text) {
        return new GroupExpression(text).expression();
    }

    private Predicate<Predicate<String>> expression() {
        boolean inverted = isNext("!", "not");
        if (isNext("(")) {
            Predicate<Predicate<String>> inner = joined(expression());
            if (!isNext(")")) {
                throw malformed("the end, where a ) is missing");
            }
            return inverted ? inner.negate() : inner;
        }
        String name = at < tokens.size() ? tokens.get(at++) : "the end";
        if (name.length() < 3 && "&&||,()!".contains(name) || name.equals("the end")) {
            throw malformed(name);
        }
        Predicate<Predicate<String>> single = groups -> groups.test(name.replaceFirst("\\.class$", ""));
        return joined(inverted ? single.negate() : single);
    }

    /** Adds what an operator joins to it, if there is one. */
    private Predicate<Predicate<String>> joined(Predicate<Predicate<String>> first) {
        if (isNext("&&", "and")) {
            return first.and(expression());
        }
        return isNext("||", "or", ",") ? first.or(expression()) : first;
    }

    private boolean isNext(String... words) {
        for (String each : words) {
            if (at < tokens.size() && tokens.get(at).equalsIgnoreCase(each)) {
                at++;
                return true;
            }
        }
        return false;
    }

    private static IllegalArgumentException malformed(String where) {
        return new IllegalArgumentException("An expression of groups cannot be read at " + where);
    }
}
