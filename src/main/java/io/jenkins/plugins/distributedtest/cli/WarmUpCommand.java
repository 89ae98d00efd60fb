package io.jenkins.plugins.distributedtest.cli;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.jar.JarFile;
import picocli.CommandLine.Command;

/**
 * Loads the classes that a run and a listener use and ends. The launcher lets the JVM archive what is loaded then, so
 * that later starts need not read and check it again.
 */
@Command(name = "warm-up", hidden = true)
final class WarmUpCommand implements Callable<Integer> {
    private static final List<String> PACKAGES = List.of(
            "io/jenkins/plugins/distributedtest/",
            "com/rabbitmq/",
            "com/fasterxml/jackson/core/",
            "com/fasterxml/jackson/databind/",
            "picocli/",
            "org/slf4j/",
            "me/tongfei/",
            "org/jline/utils/Signals");

    WarmUpCommand() {}

    @Override
    public Integer call() throws IOException, URISyntaxException {
        Path jar = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (!Files.isRegularFile(jar)) {
            return ExitCode.OK;
        }
        try (JarFile entries = new JarFile(jar.toFile())) {
            entries.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.endsWith(".class") && PACKAGES.stream().anyMatch(name::startsWith))
                    .forEach(name -> load(name.substring(0, name.length() - ".class".length()).replace('/', '.')));
        }
        return ExitCode.OK;
    }

    private static void load(String className) {
        try {
            Class.forName(className, false, WarmUpCommand.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            // Parts of libraries need other libraries that are not there: they are never used.
        }
    }
}
