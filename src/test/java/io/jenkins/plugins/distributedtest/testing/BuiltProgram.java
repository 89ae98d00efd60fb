package io.jenkins.plugins.distributedtest.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The built program, as tests start it. */
public final class BuiltProgram {
    private BuiltProgram() {}

    /**
     * The command that starts it. Ctrl-C works even where the tests themselves were started with SIGINT ignored, as
     * shells do with what they put into the background; a JVM would inherit that.
     *
     * @param arguments the program's arguments
     */
    public static List<String> command(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-jar",
                Path.of("target", "distributed-test-cli.jar").toAbsolutePath().toString()));
        command.addAll(arguments);
        return command;
    }
}
