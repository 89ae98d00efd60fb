package io.jenkins.plugins.distributedtest.runner;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The runners there are, each with the language whose interpreter it needs. */
enum RunnerKind {
    RSPEC("rspec", "ruby", true),
    MINITEST("minitest", "ruby", true),
    TEST_UNIT("test-unit", "ruby", true),
    PYTEST("pytest", "python", true),
    UNITTEST("unittest", "python", true),
    DJANGO("django", "python", true),
    JUNIT("junit", "java", false),
    NODE("node", "node", false),
    JEST("jest", "node", false),
    MOCHA("mocha", "node", false),
    VITEST("vitest", "node", false),
    AVA("ava", "node", false),
    PLAYWRIGHT("playwright", "node", false),
    GO("go", "go", false),
    COMMAND("command", null, false);

    private final String label;
    private final String language;
    private final boolean forks;

    RunnerKind(String label, String language, boolean forks) {
        this.label = label;
        this.language = language;
        this.forks = forks;
    }

    /** The name in settings, messages and reports. */
    String label() {
        return label;
    }

    /** The key of its interpreter in the settings; null for {@code command}. */
    String language() {
        return language;
    }

    /** Whether workers are forked from a process that has loaded the application, where the platform can. */
    boolean forks() {
        return forks && !System.getProperty("os.name").startsWith("Windows");
    }

    /** Whether it is one of Ruby's. */
    boolean isRuby() {
        return "ruby".equals(language);
    }

    /** Whether it is a tool of JavaScript that the project brings, with the options of its test script. */
    boolean isJavaScriptTool() {
        return this == JEST || this == MOCHA || this == VITEST || this == AVA || this == PLAYWRIGHT;
    }

    /** The runner of a name, in any case, with {@code _} for {@code -} allowed. */
    static Optional<RunnerKind> named(String name) {
        String wanted = name.trim().replace('_', '-');
        return Arrays.stream(values())
                .filter(k -> k.label.equalsIgnoreCase(wanted))
                .findFirst();
    }

    /** All names, for messages. */
    static String names() {
        return Arrays.stream(values()).map(RunnerKind::label).collect(Collectors.joining(", "));
    }
}
