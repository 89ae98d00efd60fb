package io.jenkins.plugins.distributedtest.jenkins.step;

import io.jenkins.plugins.distributedtest.config.ConfigException;
import io.jenkins.plugins.distributedtest.config.Configuration;
import java.util.List;
import java.util.Map;

/** Says what is wrong with the value of an option, in the words in which the step would fail. */
final class OptionCheck {
    /** The engine's keys of options whose entries are commands or lists. */
    private static final Map<String, String> COMMANDS = Map.of(
            "callbacks", "job.callbacks.commands",
            "interpreters", "runners.interpreters",
            "args", "runners.args",
            "preload", "runners.preload");

    /** The engine's keys of options whose entries are texts. */
    private static final Map<String, String> TEXTS = Map.of("environment", "environment", "runners", "runners.files");

    private OptionCheck() {}

    /**
     * What is wrong with a value.
     *
     * @return null if nothing is
     */
    static String fault(String option, String key, String value) {
        return fault(new StepOptions().text(option, key, value));
    }

    /**
     * What is wrong with entries.
     *
     * @return null if nothing is
     */
    static String faultOfEntries(String option, List<String> entries) {
        try {
            StepOptions options = new StepOptions();
            return fault(
                    COMMANDS.containsKey(option)
                            ? options.commands(option, COMMANDS.get(option), entries)
                            : options.texts(option, TEXTS.get(option), entries));
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    private static String fault(StepOptions options) {
        try {
            options.applyOver(Configuration.empty());
            return null;
        } catch (ConfigException e) {
            return e.getMessage();
        }
    }
}
