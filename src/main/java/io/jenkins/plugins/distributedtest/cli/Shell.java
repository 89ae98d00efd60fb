package io.jenkins.plugins.distributedtest.cli;

/** Words for a command line that a person may paste into a POSIX shell. Nothing here is ever given to one by us. */
final class Shell {
    private Shell() {}

    /** A word, quoted where it needs it. */
    static String quoted(String word) {
        return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
