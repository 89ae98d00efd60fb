package io.jenkins.plugins.distributedtest.jenkins.config;

import io.jenkins.plugins.distributedtest.config.EditDistance;
import io.jenkins.plugins.distributedtest.config.Keys;
import io.jenkins.plugins.distributedtest.config.Units;
import java.util.List;
import java.util.Locale;

/**
 * What the settings of the step may be, one rule for the form, Configuration as Code and scripts. The words are those
 * of the engine's configuration keys.
 */
final class DefaultValues {
    /** The runners that can be asked for. */
    static final List<String> RUNNERS = Keys.find("runners.args").members();
    /** The wire protocols. */
    static final List<String> PROTOCOLS = Keys.find("protocol").members();
    /** The ways in which sources travel. */
    static final List<String> SYNCS = Keys.find("job.sync.kind").members();
    /** What failing tests do to a build. */
    static final List<String> ON_FAILURE = List.of("UNSTABLE", "FAILURE", "IGNORE");

    private DefaultValues() {}

    /**
     * One of some words.
     *
     * @param what what is being set
     * @param value what was given, without blanks around it; null for nothing
     * @param words what it may be
     * @return the value as it was given
     * @throws IllegalArgumentException if it is none of them; names the nearest
     */
    static String word(String what, String value, List<String> words) {
        if (value != null && !words.contains(value)) {
            throw new IllegalArgumentException(what + " cannot be \"" + value + "\"; did you mean \""
                    + EditDistance.nearest(value, words) + "\"? It is one of " + String.join(", ", words));
        }
        return value;
    }

    /**
     * A duration.
     *
     * @param what what is being set
     * @param value what was given; null for nothing
     * @return the value as it was given
     * @throws IllegalArgumentException if it is no duration
     */
    static String duration(String what, String value) {
        if (value != null && Units.duration(value) == null) {
            throw new IllegalArgumentException(
                    what + " cannot be \"" + value + "\"; it is a duration of at most a year, such as 30s, 10m or 2h");
        }
        return value;
    }

    /**
     * A number from 0 up.
     *
     * @param what what is being set
     * @param value what was given; null for nothing
     * @return the value as it was given
     * @throws IllegalArgumentException if it is negative
     */
    static Integer count(String what, Integer value) {
        if (value != null && value < 0) {
            throw new IllegalArgumentException(what + " cannot be " + value + "; it is 0 or more");
        }
        return value;
    }

    /**
     * A number from 0 up, as it was typed.
     *
     * @throws IllegalArgumentException if it is not one
     */
    static void typedCount(String what, String typed) {
        if (typed != null && !typed.matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException(
                    what + " cannot be \"" + typed + "\"; it is a number from 0 up, or empty for the usual");
        }
    }

    /** An {@link #ON_FAILURE} in capitals, however it was written. */
    static String upper(String value) {
        return value == null ? null : value.toUpperCase(Locale.ROOT);
    }
}
