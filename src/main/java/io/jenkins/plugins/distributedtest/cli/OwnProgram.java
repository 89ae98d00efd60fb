package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.process.OwnJvm;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** How to start this very program once more. */
final class OwnProgram {
    /** System property in which the launcher says its own name. */
    private static final String PROGRAM = "distributed-test.program";

    private final Class<?> main;

    private OwnProgram(Class<?> main) {
        this.main = main;
    }

    /** The program that a command belongs to. */
    static OwnProgram of(CommandSpec command) {
        return new OwnProgram(command.root().userObject().getClass());
    }

    /**
     * The command, all paths absolute: the Java that runs now and the jar (or class path) it runs.
     *
     * @param jvm options of {@link OwnJvm}
     * @throws CliException if it cannot be told
     */
    List<String> command(List<String> jvm) throws CliException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        String program = System.getProperty(PROGRAM);
        if (program != null) {
            command.add("-D" + PROGRAM + "=" + program);
        }
        Path jar = location();
        if (Files.isRegularFile(jar)) {
            command.addAll(List.of("-jar", jar.toString()));
        } else {
            command.addAll(List.of("-cp", absoluteClassPath(), main.getName()));
        }
        return command;
    }

    /** What a user types to start it, as far as that is known: the launcher says its own name. */
    static String name() {
        return Shell.quoted(System.getProperty(PROGRAM, "distributed-test"));
    }

    /**
     * The jar that it is in, or the directory of its classes.
     *
     * @throws CliException if it cannot be told
     */
    Path location() throws CliException {
        try {
            return Path.of(
                    main.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new CliException("Cannot tell where this program is: " + e.getMessage());
        }
    }

    private static String absoluteClassPath() {
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            entries.add(Path.of(entry).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, entries);
    }
}
