package io.jenkins.plugins.distributedtest.jenkins.listeners;

import io.jenkins.plugins.distributedtest.jenkins.process.CliJar;

/**
 * What to type on a machine that shall run a listener, in the directory into which {@code broker.uri} was downloaded. A
 * browser makes files that others can read, which a listener refuses for one that holds a password: so its mode is
 * changed, or, where there is none, its text is given over standard input.
 *
 * @param posix for a POSIX shell
 * @param powerShell for Windows' PowerShell
 * @param cmd for Windows' command prompt
 */
record ListenerCommands(String posix, String powerShell, String cmd) {
    /**
     * The commands that fetch the program and run it.
     *
     * @param programUrl where the program is downloaded from
     */
    static ListenerCommands of(String programUrl) {
        String listen = "java -jar " + CliJar.NAME + " listen --broker-file ";
        return new ListenerCommands(
                "curl -fsSO '" + programUrl + "' && chmod 600 broker.uri && " + listen + "broker.uri",
                "curl.exe -fsSO '" + programUrl + "'; Get-Content broker.uri | " + listen + "-",
                "curl -fsSO \"" + programUrl + "\" && " + listen + "- < broker.uri");
    }
}
