package io.jenkins.plugins.distributedtest.config;

/** What a key's value can be. */
public enum KeyType {
    /** Any text. */
    TEXT("a text", "\"abc\""),
    /** A path, relative to the directory of the configuration, or absolute. */
    PATH("a path", "\"log/run.log\""),
    /** One of the key's choices. */
    CHOICE("one of a few words", "\"native\""),
    /** A whole number from 0 up. */
    COUNT("a whole number from 0 up", "2"),
    /** A whole number from 1 up. */
    POSITIVE("a whole number from 1 up", "4"),
    /** A port. */
    PORT("a port from 1 to 65535", "5672"),
    /** True or false. */
    FLAG("true or false", "true"),
    /** A duration. */
    DURATION("a duration", "\"10m\", \"30 s\", \"500ms\" or 600 (seconds)"),
    /** A number of bytes. */
    SIZE("a size", "\"256 MiB\" or 1048576 (bytes)"),
    /** Texts in order; a single one can stand without brackets. */
    TEXTS("a list of texts", "[\"spec/**/*_spec.rb\"]"),
    /** A command: the program and its arguments, never a line for a shell. */
    COMMAND("a command as a list of its arguments", "[\"bundle\", \"exec\", \"ruby\"]"),
    /** An object whose values are texts. */
    TEXT_MAP("an object of texts", "{\"RAILS_ENV\": \"test\"}"),
    /** An object whose values are lists of texts. */
    LIST_MAP("an object of lists of texts", "{\"rspec\": [\"--tag\", \"~slow\"]}"),
    /** Sub-projects, each with what it has other than the suite. */
    PROJECTS("a list of projects", "[{\"directory\": \"engines/billing\", \"runner\": \"rspec\"}]");

    private final String noun;
    private final String example;

    KeyType(String noun, String example) {
        this.noun = noun;
        this.example = example;
    }

    /** The type in words, with its article. */
    public String noun() {
        return noun;
    }

    /** One or more values of this type, as JSON. */
    public String example() {
        return example;
    }
}
