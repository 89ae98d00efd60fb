package io.jenkins.plugins.distributedtest.cli;

import picocli.CommandLine;

/** The whole program, as its commands see it: they do not know the class that starts it. */
interface Program {
    /** The commands, ready to execute one. */
    CommandLine newCommandLine();
}
