package io.jenkins.plugins.distributedtest.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A framework's own command, run beside our runners.
 *
 * @param exitCode how it ended
 * @param said what it printed
 */
record OwnProcess(int exitCode, String said) {
    private static final long LIMIT_SECONDS = 60;

    /** Runs it in a directory. */
    static OwnProcess run(Path directory, String... command) throws Exception {
        return run(directory, Map.of(), List.of(command));
    }

    static OwnProcess run(Path directory, Map<String, String> environment, List<String> command) throws Exception {
        Path out = Files.createTempFile("own", ".out");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS))
                    .as("%s ends", command)
                    .isTrue();
            return new OwnProcess(process.exitValue(), Files.readString(out));
        } finally {
            Files.delete(out);
        }
    }

    /** Whether a Python has a module. */
    static boolean has(String python, String module) throws Exception {
        return run(Path.of("."), python, "-c", "import " + module).isWell();
    }

    boolean isWell() {
        return exitCode == 0;
    }
}
